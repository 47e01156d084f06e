-- Take a job that waits and has no other lease.
-- KEYS  1 job  2 lease  3 events
-- ARGV  1 token  2 lease in milliseconds  3 attempts allowed  4 token of a holder known
--       to be dead, or ""  5 key  6 events kept  7... pauses in seconds
-- Returns "taken", "held", "over" (ready, failed, cancelled or unknown), "deferred" or
-- "poisoned".
local state, done, at, attempts, total, faults, deferrals, deferred_until =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'done', 'at', 'attempts', 'total',
    'faults', 'deferrals', 'deferred_until'))
if state ~= 'queued' and state ~= 'making' then return 'over' end
local now = tonumber(redis.call('TIME')[1])
-- The sweep publishes it again.
if now < tonumber(deferred_until or 0) then return 'deferred' end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[4] then return 'held' end
redis.call('DEL', KEYS[2])
-- Attempts are counted per sentence: progress starts the count again.
done = done or '0'
if at == done then
  attempts = (tonumber(attempts) or 0) + 1
else
  attempts = 1
  redis.call('HDEL', KEYS[1], 'faults', 'deferrals')
  faults, deferrals = nil, nil
end
if attempts > tonumber(ARGV[3]) then
  deferrals = tonumber(deferrals or 0)
  local pause = ARGV[7 + deferrals]
  -- Without a fault the workers may have been killed from outside.
  if faults or not pause then return 'poisoned' end
  redis.call('HSET', KEYS[1], 'state', 'queued', 'seen', now + pause, 'attempts', 0,
    'deferrals', deferrals + 1, 'deferred_until', now + pause)
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', 'key', ARGV[5],
    'state', 'queued', 'done', done, 'total', total or 0)
  return 'deferred'
end
redis.call('HSET', KEYS[1], 'state', 'making', 'seen', now, 'attempts', attempts,
  'at', done)
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', 'key', ARGV[5],
  'state', 'making', 'done', done, 'total', total or 0)
return 'taken'
