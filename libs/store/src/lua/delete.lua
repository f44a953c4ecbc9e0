-- Deletes a data set. Its manifest stays as a tombstone for a while, so that sequence numbers go on if the id is used again.
-- KEYS: manifest, log, then the keys of both generations
-- ARGV: generation that was read ('' = none), previous generation that was read, milliseconds to keep the tombstone,
--       names of the fields to drop, separated by commas
-- Output: {'OK', new sequence number} | {'ABSENT'} | {'CONFLICT'}
local manifest = KEYS[1]
local now = redis.call('HMGET', manifest, 'gen', 'prevGen')
if not now[1] then return {'ABSENT'} end
if now[1] ~= ARGV[1] or (now[2] or '') ~= ARGV[2] then return {'CONFLICT'} end
for name in string.gmatch(ARGV[4], '[^,]+') do redis.call('HDEL', manifest, name) end
local seq = redis.call('HINCRBY', manifest, 'seq', 1)
redis.call('HSET', manifest, 'deleted', '1')
redis.call('PEXPIRE', manifest, ARGV[3])
redis.call('UNLINK', KEYS[2])
for i = 3, #KEYS do redis.call('UNLINK', KEYS[i]) end
return {'OK', seq}
