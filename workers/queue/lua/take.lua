-- Take a job that waits and has no other lease.
-- KEYS  1 job  2 lease  3 events
-- ARGV  1 token  2 lease in milliseconds  3 attempts allowed  4 token of a holder known
--       to be dead, or ""  5 key  6 events kept
-- Returns "taken", "held", "over" (ready, failed, cancelled or unknown) or "poisoned".
local state, done, at, attempts, total =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'done', 'at', 'attempts', 'total'))
if state ~= 'queued' and state ~= 'making' then return 'over' end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[4] then return 'held' end
redis.call('DEL', KEYS[2])
-- Attempts are counted per sentence: progress starts the count again.
done = done or '0'
attempts = (at == done) and (tonumber(attempts) or 0) + 1 or 1
if attempts > tonumber(ARGV[3]) then return 'poisoned' end
redis.call('HSET', KEYS[1], 'state', 'making', 'seen', redis.call('TIME')[1],
  'attempts', attempts, 'at', done)
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', 'key', ARGV[5],
  'state', 'making', 'done', done, 'total', total or 0)
return 'taken'
