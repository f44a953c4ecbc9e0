-- Removes jobs, a page of ids at a time: ended and waiting ones. Jobs that a worker has taken stay.
-- KEYS: list, prefix
-- ARGV: ids
-- Returns: the number of jobs removed
unlocked()
local gone = 0
for _, id in ipairs(ARGV) do
  local r = read(id)
  local isTaken = r and r.state == 'a'
  -- It waits but is no longer in the list: it is in a worker's inbox and starts at any moment.
  if r and r.state == 'q' and call('LREM', Q, 0, element(id)) == 0 then isTaken = true end
  if not isTaken then
    if r then
      release(id, option(r.options, 'hash'))
      if r.state == 'd' then call('ZREM', T .. ':d', id) end
      if r.state == 'j' then call('SREM', T .. ':of:' .. option(r.options, 'of'), id) end
    end
    call('DEL', J .. id, T .. ':of:' .. id)
    call('ZREM', T .. ':all', id)
    gone = gone + 1
  end
end
return gone
