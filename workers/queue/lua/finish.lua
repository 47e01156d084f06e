-- End a worker's lease: the job is ready, failed, cancelled or queued again.
-- KEYS  1 job  2 lease  3 live  4 claimants  5 events
-- ARGV  1 token  2 key  3 TTL in seconds  4 state  5 events kept  6... fields, values
-- Returns 1, or 0 if another worker has the lease or there is nothing to queue again.
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
local state = redis.call('HGET', KEYS[1], 'state')
-- Lost, cancelled or ended meanwhile: there is nothing to queue again.
if ARGV[4] == 'queued' and state ~= 'making' and state ~= 'queued' then return 0 end
-- Cancelled and claimed again meanwhile: the new message leads another worker to it.
if ARGV[4] == 'cancelled' and state == 'queued' then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[4], 'seen', redis.call('TIME')[1],
  unpack(ARGV, 6))
if ARGV[4] == 'ready' then
  redis.call('HSET', KEYS[1], 'done', redis.call('HGET', KEYS[1], 'total') or 0)
end
if state ~= ARGV[4] then
  local done, total = unpack(redis.call('HMGET', KEYS[1], 'done', 'total'))
  redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[5], '*', 'key', ARGV[2],
    'state', ARGV[4], 'done', done or 0, 'total', total or 0)
end
if ARGV[4] == 'queued' then return 1 end
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('DEL', KEYS[4])
-- The spec holds the article: remove it as soon as no worker needs it.
redis.call('HDEL', KEYS[1], 'spec')
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
