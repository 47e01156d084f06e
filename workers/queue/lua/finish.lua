-- A worker has done with a job: it is ready, failed, cancelled or queued again.
-- KEYS  1 job  2 lease  3 live  4 wanted
-- ARGV  1 token  2 key  3 seconds to remember it  4 state  5... fields and values
-- Returns whether it was the worker's to leave.
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
local state = redis.call('HGET', KEYS[1], 'state')
-- Forgotten, cancelled or over meanwhile: there is nothing to put back.
if ARGV[4] == 'queued' and state ~= 'making' and state ~= 'queued' then return 0 end
-- Cancelled, and asked for anew since: its message leads another to it.
if ARGV[4] == 'cancelled' and state == 'queued' then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[4], 'seen', redis.call('TIME')[1],
  unpack(ARGV, 5))
if ARGV[4] == 'queued' then return 1 end
if ARGV[4] == 'ready' then
  redis.call('HSET', KEYS[1], 'done', redis.call('HGET', KEYS[1], 'total') or 0)
end
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('DEL', KEYS[4])
-- The order holds the article: it goes as soon as nobody has to make it.
redis.call('HDEL', KEYS[1], 'order')
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
