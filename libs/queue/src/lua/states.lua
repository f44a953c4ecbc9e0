-- The state of each job as one letter; of a job that follows another, the other's; '-' where there is no record.
-- Only the beginning of a record is read: its state comes first, and the job it follows in its first line.
-- KEYS: list, prefix
-- ARGV: ids
-- Output: one letter for each
local out = {}
for i, id in ipairs(ARGV) do
  local letter = call('GETRANGE', J .. id, 0, 0)
  if letter == 'j' then
    local of = option(call('GETRANGE', J .. id, 0, 600):match('\t([^\t\n]*)\n') or '', 'of')
    if of then letter = call('GETRANGE', J .. of, 0, 0) end
  end
  out[i] = letter == '' and '-' or letter
end
return table.concat(out)
