-- Adds newly saved results to the index, and removes expired ones.
-- KEYS: list of saved results, index, sizes, bytes
-- ARGV: milliseconds until a result expires, maximum number of each per call
-- Output: {number added or removed, bytes of all results}
local call, new, index, sizes, bytes = redis.call, KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local most = tonumber(ARGV[2])
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- A write that cannot grow memory comes first: it lets the rest run even if maxmemory is reached, so that room can be made.
call('DEL', new .. ':none')
local saved = call('LRANGE', new, 0, most - 1)
local expired = call('ZRANGEBYSCORE', index, '-inf', string.format('%.0f', now - ARGV[1]), 'LIMIT', 0, most)
local total = tonumber(call('GET', bytes) or 0)

for _, id in ipairs(expired) do
  total = total - (call('HGET', sizes, id) or 0)
  call('ZREM', index, id)
  call('HDEL', sizes, id)
end
for i, element in ipairs(saved) do
  local size, id = element:match('^(%d+) (.+)$')
  if id then
    -- A result that was saved again under the same name replaces the older one.
    total = total + size - (call('HGET', sizes, id) or 0)
    call('HSET', sizes, id, size)
    call('ZADD', index, string.format('%.3f', now + i / 1000), id) -- in the order in which they were saved
  end
end
if #saved > 0 then call('LPOP', new, #saved) end
call('SET', bytes, string.format('%.0f', total))
return {#saved + #expired, total}
