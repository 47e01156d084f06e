-- A worker goes on with a job that it took; with ARGV[3], so many sentences are done.
-- KEYS  1 job  2 lease
-- ARGV  1 token  2 lease in milliseconds  3 done
-- Returns "held", "cancelled" or "lost" (to another, or over).
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return 'lost' end
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'cancelled' then return 'cancelled' end
-- Ready or failed: a sign of life that was late must not bring it back.
if state and state ~= 'making' and state ~= 'queued' then return 'lost' end
-- It ran out, or Redis was emptied, and nobody took it since: it is still ours.
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
if state then
  redis.call('HSET', KEYS[1], 'state', 'making', 'seen', redis.call('TIME')[1])
  if ARGV[3] then redis.call('HSET', KEYS[1], 'done', ARGV[3]) end
end
return 'held'
