-- Deletes results before they expire.
-- KEYS: index, sizes, bytes, then the results' own keys, then those of their digests
-- ARGV: their names in the index, in the same order
-- Output: bytes of all results afterwards
local call, index, sizes, bytes = redis.call, KEYS[1], KEYS[2], KEYS[3]
local total = tonumber(call('GET', bytes) or 0)
for i, id in ipairs(ARGV) do
  call('DEL', KEYS[3 + i], KEYS[3 + #ARGV + i])
  total = total - (call('HGET', sizes, id) or 0)
  call('ZREM', index, id)
  call('HDEL', sizes, id)
end
call('SET', bytes, string.format('%.0f', total))
return total
