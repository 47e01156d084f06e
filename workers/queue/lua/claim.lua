-- Claim a narration; create its job unless it is live.
-- KEYS  1 job  2 live  3 claimants  4 events
-- ARGV  1 key  2 total  3 voice  4 lane  5 spec  6 sound version  7 limit  8 claimant
--       9 events kept
-- Returns "new", "joined", "urgent" (it waits in the bulk lane) or "busy".
local now = tonumber(redis.call('TIME')[1])
local state, lane, final = unpack(redis.call('HMGET', KEYS[1], 'state', 'lane', 'final'))
if state == 'failed' and final == '1' then return 'joined' end
if state == 'queued' or state == 'making' then
  redis.call('ZADD', KEYS[3], '+inf', ARGV[8])
  if lane == 'bulk' and ARGV[4] == 'interactive' then
    redis.call('HSET', KEYS[1], 'lane', 'interactive')
    if state == 'queued' then return 'urgent' end
  end
  return 'joined'
end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[7]) then return 'busy' end
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('HSET', KEYS[1], 'state', 'queued', 'seen', now, 'asked', now, 'done', 0,
  'total', ARGV[2], 'voice', ARGV[3], 'lane', ARGV[4], 'spec', ARGV[5],
  'version', ARGV[6], 'attempts', 0, 'at', -1)
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('ZADD', KEYS[3], '+inf', ARGV[8])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[9], '*', 'key', ARGV[1],
  'state', 'queued', 'done', 0, 'total', ARGV[2])
return 'new'
