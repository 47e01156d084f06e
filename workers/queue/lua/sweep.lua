-- Jobs that no message leads to any more are found: their worker died, or the message
-- was lost on its way, as one is when a worker dies the moment it takes it.
-- KEYS  1 live  2 workers  3 looked  4 unacknowledged messages  5... lists of messages
-- ARGV  1 prefix of jobs  2 prefix of leases  3 our sound version
--       4 seconds between two looks at all messages, and that one may be on its way
--       5 seconds until a sound version without workers is given up  6 why it then fails
--       7 seconds to remember it
-- Returns pairs of a key and its lane, each queued and to be published again.
local now = tonumber(redis.call('TIME')[1])

-- When each sound version was last seen at work.
redis.call('HSET', KEYS[2] .. ':versions', ARGV[3], now)
local versions = {}
for _, worker in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  versions[string.match(worker, '^[^:]*')] = true
end

-- The keys that messages name: Celery writes what we ask for into "argsrepr".
local named = nil
local function note(messages)
  for _, message in ipairs(messages) do
    local key = string.match(message, 'argsrepr[^%x]+(%x+)')
    if key then named[key] = true end
  end
end
if redis.call('SET', KEYS[3], now, 'NX', 'EX', ARGV[4]) then
  named = {}
  note(redis.call('HVALS', KEYS[4]))
  for list = 5, #KEYS do note(redis.call('LRANGE', KEYS[list], 0, -1)) end
end

local function is_lost(key, state, silent)
  if state == 'making' then return redis.call('EXISTS', ARGV[2] .. key) == 0 end
  return named and not named[key] and silent >= tonumber(ARGV[4])
end

local function fail(key, job)
  redis.call('HSET', job, 'state', 'failed', 'problem', ARGV[6], 'final', 0)
  redis.call('HDEL', job, 'order')
  redis.call('EXPIRE', job, ARGV[7])
  redis.call('ZREM', KEYS[1], key)
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
      -- The workers of its own version look after it, as long as there are any.
      local last = redis.call('HGET', KEYS[2] .. ':versions', version) or seen or 0
      local gone = math.min(silent, now - tonumber(last))
      if not versions[version] and gone >= tonumber(ARGV[5]) then fail(key, job) end
    elseif is_lost(key, state, silent) then
      redis.call('HSET', job, 'state', 'queued', 'seen', now)
      found[#found + 1] = key
      found[#found + 1] = lane
    end
  end
end
return found
