-- Must a bulk job yield?  As many do as interactive jobs wait.
-- KEYS  1 job  2 interactive queue  3 number of jobs that yielded recently
-- ARGV  1 milliseconds after which a yield is not recent
if redis.call('HGET', KEYS[1], 'lane') ~= 'bulk' then return 0 end
local waiting = redis.call('LLEN', KEYS[2])
if waiting <= tonumber(redis.call('GET', KEYS[3]) or 0) then return 0 end
redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], ARGV[1])
return 1
