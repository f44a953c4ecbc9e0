-- Removes ended jobs that are older than a time, a page of the index at a time. Open jobs stay, whatever their age.
-- KEYS: list, prefix
-- ARGV: created before (ms), offset into the index, page size
-- Returns: {jobs examined, jobs removed}
unlocked()
local ids = call('ZRANGEBYSCORE', T .. ':all', '-inf', '(' .. ARGV[1], 'LIMIT', ARGV[2], ARGV[3])
local removed = 0
for _, id in ipairs(ids) do
  local r = read(id)
  if not r or not r.state:find('[qdaj]') then
    if r then release(id, option(r.options, 'hash')) end
    call('DEL', J .. id)
    call('ZREM', T .. ':all', id)
    removed = removed + 1
  end
end
return {#ids, removed}
