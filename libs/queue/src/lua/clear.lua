-- Forgets jobs, a page of ids at a time: ended ones, and those that still wait. What a worker has taken stays.
-- KEYS: list, prefix
-- ARGV: ids
-- Output: how many were forgotten
unlocked()
local gone = 0
for _, id in ipairs(ARGV) do
  local r = read(id)
  local isTaken = r and r.state == 'a'
  -- Waiting, but not in the list any more: it lies in a worker's inbox and is started at any moment.
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
