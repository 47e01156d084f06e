-- Is a bulk job to make way?  As many do as interactive ones wait.
-- KEYS  1 job  2 the interactive queue  3 how many made way just now
-- ARGV  1 milliseconds that "just now" lasts
if redis.call('HGET', KEYS[1], 'lane') ~= 'bulk' then return 0 end
local waiting = redis.call('LLEN', KEYS[2])
if waiting <= tonumber(redis.call('GET', KEYS[3]) or 0) then return 0 end
redis.call('INCR', KEYS[3])
redis.call('PEXPIRE', KEYS[3], ARGV[1])
return 1
