-- Makes a staged generation the data set's current one, in one step.
-- KEYS: manifest, log, the new chunks, index, leaves and rejects, the old chunks, index, leaves and rejects
-- ARGV: 1 required sequence number ('' = any, 0 = the set never existed), 2 new generation, 3 generation it replaces ('' = none),
--       4 chunks of the new one, 5 milliseconds to keep the old one, 6 maximum bytes of the log, 7 maximum entries of the log, 8 layout,
--       then three lists, each a count and its items: manifest fields with values, names of the fields that the log keeps of the replaced
--       version, log fields with values
-- Output: {'OK', new sequence number} | {'CONFLICT', sequence number} | {'STAGING_LOST', sequence number}
local manifest, log = KEYS[1], KEYS[2]
local now = redis.call('HMGET', manifest, 'seq', 'gen')
local seq, gen = tonumber(now[1] or '0'), now[2] or ''
if ARGV[1] ~= '' and tonumber(ARGV[1]) ~= seq then return {'CONFLICT', seq} end
if gen ~= ARGV[3] then return {'CONFLICT', seq} end
local chunks = tonumber(ARGV[4])
if redis.call('HLEN', KEYS[3]) ~= chunks or redis.call('STRLEN', KEYS[5]) ~= 32 * chunks then return {'STAGING_LOST', seq} end

local at = 9
local function list()
  local n, items = tonumber(ARGV[at]), {}
  for i = 1, n do items[i] = ARGV[at + i] end
  at = at + n + 1
  return items
end
local fields = list()
local kept = list()
local entry = list()

-- The fields that are needed to read the previous version while its generation is kept.
if gen ~= '' then
  for _, name in ipairs(kept) do
    local value = redis.call('HGET', manifest, name)
    if value then
      entry[#entry + 1] = 'p:' .. name
      entry[#entry + 1] = value
    end
  end
end

for i = 3, 6 do redis.call('PERSIST', KEYS[i]) end
if gen ~= '' then for i = 7, 10 do redis.call('PEXPIRE', KEYS[i], ARGV[5]) end end
seq = seq + 1
redis.call('HDEL', manifest, 'deleted')
redis.call('HSET', manifest, 'layout', ARGV[8], 'seq', seq, 'gen', ARGV[2], 'prevGen', ARGV[3], unpack(fields))
redis.call('PERSIST', manifest)

local size = 0
for i = 2, #entry, 2 do size = size + #entry[i] end
redis.call('XADD', log, seq .. '-0', 's', size, unpack(entry))
local bytes, n = tonumber(redis.call('HGET', manifest, 'logBytes') or '0') + size, redis.call('XLEN', log)
while n > 1 and (bytes > tonumber(ARGV[6]) or n > tonumber(ARGV[7])) do
  local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  bytes, n = bytes - tonumber(oldest[2][2]), n - 1
  redis.call('XDEL', log, oldest[1])
end
redis.call('HSET', manifest, 'logBytes', bytes)
return {'OK', seq}
