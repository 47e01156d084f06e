-- Find jobs without a worker or message: the worker died, or the message was lost, for
-- example because a worker died while taking it.
-- KEYS  1 live  2 workers  3 scanned  4 unacknowledged messages  5 events
--       6... lists of messages
-- ARGV  1 prefix of jobs  2 prefix of leases  3 own sound version
--       4 seconds between two scans of all messages; also the longest transit
--       5 seconds after which a job of a version without workers fails  6 the problem
--       7 TTL in seconds  8 events kept
-- Returns pairs of key and lane; each job is queued and must be published again.
local now = tonumber(redis.call('TIME')[1])

-- Record when each sound version last had a worker.
redis.call('HSET', KEYS[2] .. ':versions', ARGV[3], now)
local versions = {}
for _, worker in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  versions[string.match(worker, '^[^:]*')] = true
end

-- Keys named by messages; Celery stores them in the header "argsrepr".
local named = nil
local function record(messages)
  for _, message in ipairs(messages) do
    local key = string.match(message, 'argsrepr[^%x]+(%x+)')
    if key then named[key] = true end
  end
end
if redis.call('SET', KEYS[3], now, 'NX', 'EX', ARGV[4]) then
  named = {}
  record(redis.call('HVALS', KEYS[4]))
  for list = 6, #KEYS do record(redis.call('LRANGE', KEYS[list], 0, -1)) end
end

local function is_lost(key, state, silent)
  if state == 'making' then return redis.call('EXISTS', ARGV[2] .. key) == 0 end
  return named and not named[key] and silent >= tonumber(ARGV[4])
end

local function emit(key, job, state)
  local done, total = unpack(redis.call('HMGET', job, 'done', 'total'))
  redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[8], '*', 'key', key, 'state', state,
    'done', done or 0, 'total', total or 0)
end

local function fail(key, job)
  redis.call('HSET', job, 'state', 'failed', 'problem', ARGV[6], 'final', 0)
  redis.call('HDEL', job, 'spec')
  redis.call('EXPIRE', job, ARGV[7])
  redis.call('ZREM', KEYS[1], key)
  emit(key, job, 'failed')
end

local found = {}
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local job = ARGV[1] .. key
  local state, seen, lane, version =
    unpack(redis.call('HMGET', job, 'state', 'seen', 'lane', 'version'))
  if state ~= 'queued' and state ~= 'making' then
    redis.call('ZREM', KEYS[1], key)
  else
    local silent = now - tonumber(seen or 0)
    if version ~= ARGV[3] then
      -- Workers of that version sweep it while there are any.
      local last = redis.call('HGET', KEYS[2] .. ':versions', version) or seen or 0
      local gone = math.min(silent, now - tonumber(last))
      if not versions[version] and gone >= tonumber(ARGV[5]) then fail(key, job) end
    elseif is_lost(key, state, silent) then
      redis.call('HSET', job, 'state', 'queued', 'seen', now)
      if state ~= 'queued' then emit(key, job, 'queued') end
      found[#found + 1] = key
      found[#found + 1] = lane
    end
  end
end
return found
