-- A worker takes a job, if it waits and nobody holds it.
-- KEYS  1 job  2 lease
-- ARGV  1 token  2 lease in milliseconds  3 attempts allowed  4 token of a holder that
--       is known to be dead, or ""
-- Returns "taken", "held", "over" (made, failed, cancelled or unknown) or "poisoned".
local state, done, at, attempts =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'done', 'at', 'attempts'))
if state ~= 'queued' and state ~= 'making' then return 'over' end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[4] then return 'held' end
redis.call('DEL', KEYS[2])
-- An attempt that brought it further was not in vain: counting begins anew.
done = done or '0'
attempts = (at == done) and (tonumber(attempts) or 0) + 1 or 1
if attempts > tonumber(ARGV[3]) then return 'poisoned' end
redis.call('HSET', KEYS[1], 'state', 'making', 'seen', redis.call('TIME')[1],
  'attempts', attempts, 'at', done)
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return 'taken'
