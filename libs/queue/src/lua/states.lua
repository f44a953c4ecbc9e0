-- Reads the state of each job as one letter. A job that follows another has the other's state.
-- Only the beginning of a record is read: the state comes first, and the followed job is in the first line.
-- KEYS: list, prefix
-- ARGV: ids
-- Returns: one letter for each id, '-' if it has no record
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
