-- Somebody wants a narration no longer; what nobody wants is cancelled.
-- KEYS  1 job  2 live  3 wanted
-- ARGV  1 key  2 claimant, or "" for all  3 seconds to remember it
-- Returns whether it was cancelled.
if ARGV[2] == '' then
  redis.call('DEL', KEYS[3])
else
  redis.call('ZREM', KEYS[3], ARGV[2])
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', redis.call('TIME')[1])
end
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'queued' and state ~= 'making' then return 0 end
if redis.call('ZCARD', KEYS[3]) > 0 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'cancelled')
redis.call('HDEL', KEYS[1], 'order')
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
