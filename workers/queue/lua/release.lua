-- Remove a claimant; cancel the job if it was the last one.
-- KEYS  1 job  2 live  3 claimants  4 events
-- ARGV  1 key  2 claimant, or "" for all  3 TTL in seconds  4 events kept
-- Returns whether the job was cancelled.
if ARGV[2] == '' then
  redis.call('DEL', KEYS[3])
else
  redis.call('ZREM', KEYS[3], ARGV[2])
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', redis.call('TIME')[1])
end
local state, done, total = unpack(redis.call('HMGET', KEYS[1], 'state', 'done', 'total'))
if state ~= 'queued' and state ~= 'making' then return 0 end
if redis.call('ZCARD', KEYS[3]) > 0 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'cancelled')
redis.call('HDEL', KEYS[1], 'spec')
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[4], '*', 'key', ARGV[1],
  'state', 'cancelled', 'done', done or 0, 'total', total or 0)
return 1
