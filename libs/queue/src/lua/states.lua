-- The state of each job as one letter; of a job that follows another, the other's; '-' where there is no record.
-- KEYS: list, prefix
-- ARGV: ids
-- Output: one letter for each
local out = {}
for i, id in ipairs(ARGV) do
  local r = read(id)
  local of = r and r.state == 'j' and option(r.options, 'of')
  if of then r = read(of) end
  out[i] = r and r.state or '-'
end
return table.concat(out)
