-- Jobs that no message leads to any more are found: their worker died, or the message
-- was lost between the claim and the queue.
-- KEYS  1 live  2 workers
-- ARGV  1 prefix of jobs  2 prefix of leases  3 our sound version
--       4 seconds to publish  5 seconds in a queue after which a message is taken for
--       lost, and a sound version without workers for gone  6 why those then fail
--       7 seconds to remember them
-- Returns pairs of a key and its lane, each queued and to be published again.
local now = tonumber(redis.call('TIME')[1])

local versions = {}
for _, worker in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  versions[string.match(worker, '^[^:]*')] = true
end

local function is_lost(key, state, silent, published)
  if state == 'making' then return redis.call('EXISTS', ARGV[2] .. key) == 0 end
  return (published == '0' and silent >= tonumber(ARGV[4])) or silent >= tonumber(ARGV[5])
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
  local state, seen, published, lane, version =
    unpack(redis.call('HMGET', job, 'state', 'seen', 'published', 'lane', 'version'))
  if state ~= 'queued' and state ~= 'making' then
    redis.call('ZREM', KEYS[1], key)
  else
    local silent = now - tonumber(seen or 0)
    if version ~= ARGV[3] then
      -- The workers of its own version look after it, as long as there are any.
      if not versions[version] and silent >= tonumber(ARGV[5]) then fail(key, job) end
    elseif is_lost(key, state, silent, published) then
      redis.call('HSET', job, 'state', 'queued', 'seen', now, 'published', 0)
      found[#found + 1] = key
      found[#found + 1] = lane
    end
  end
end
return found
