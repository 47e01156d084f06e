-- Renew a worker's lease; with ARGV[5], record the number of sentences done.
-- KEYS  1 job  2 lease  3 events
-- ARGV  1 token  2 lease in milliseconds  3 key  4 events kept  5 done
-- Returns "held", "cancelled", or "lost" if another worker has it or it has ended.
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return 'lost' end
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'cancelled' then return 'cancelled' end
-- Ready or failed: a late heartbeat must not revive the job.
if state and state ~= 'making' and state ~= 'queued' then return 'lost' end
-- Without a holder the lease expired or Redis was emptied, and no worker took the job.
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
if state then
  redis.call('HSET', KEYS[1], 'state', 'making', 'seen', redis.call('TIME')[1])
  if ARGV[5] then
    redis.call('HSET', KEYS[1], 'done', ARGV[5])
    redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], '*', 'key', ARGV[3],
      'state', 'making', 'done', ARGV[5],
      'total', redis.call('HGET', KEYS[1], 'total') or 0)
  end
end
return 'held'
