-- Measures the bytes of records, a page of the index at a time, oldest first.
-- KEYS: list, prefix
-- ARGV: offset into the index, page size
-- Returns: {time of creation (ms), bytes, the letter of the state or '', ...}
local out = {}
local page = call('ZRANGE', T .. ':all', ARGV[1], ARGV[1] + ARGV[2] - 1, 'WITHSCORES')
for i = 1, #page, 2 do
  local key = J .. page[i]
  out[#out + 1] = page[i + 1]
  out[#out + 1] = call('STRLEN', key)
  out[#out + 1] = call('GETRANGE', key, 0, 0)
end
return out
