-- Failed and cancelled jobs wait again, at the tail of the list; attempts and crashes are counted anew, the past ones stay told.
-- KEYS: list, prefix
-- ARGV: ids
-- Output: the ids that were revived
unlocked()
local t, out = now(), {}
for _, id in ipairs(ARGV) do
  local r = read(id)
  if r and (r.state == 'f' or r.state == 'c') then
    -- Who was taken from a dead worker has no token; that attempt is told already.
    if r.started ~= '' and r.token ~= '' then passed(r, t, r.token:match('^(.*):'), r.state == 'f' and 'failed' or 'cancelled') end
    local hash = option(r.options, 'hash')
    r.state, r.changed, r.token, r.attempts, r.crashes, r.started, r.note = 'q', t, '', 0, 0, '', ''
    r.options = alone(r.options)
    write(id, r)
    if hash then call('SET', T .. ':dd:' .. hash, id, 'NX') end
    call('RPUSH', Q, element(id))
    changed(id)
    out[#out + 1] = id
  end
end
tell()
return out
