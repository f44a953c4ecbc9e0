-- Failed and cancelled jobs wait again, at the tail of the list; attempts and crashes are counted anew, the past ones stay told.
-- One whose content an open job is working on follows that one instead, as a new job would.
-- KEYS: list, prefix
-- ARGV: for each job: id, why its last attempt failed, to be told with it, or ''
-- Output: the ids that were revived
unlocked()
local t, out = now(), {}
for i = 1, #ARGV, 2 do
  local id, said = ARGV[i], ARGV[i + 1] ~= '' and ARGV[i + 1] or nil
  local r = read(id)
  if r and (r.state == 'f' or r.state == 'c') then
    -- Without a token its last attempt is told already, by whom took it from a dead worker.
    if r.started ~= '' and r.token ~= '' then passed(r, t, r.token:match('^(.*):'), r.state == 'f' and 'failed' or 'cancelled', said) end
    local hash = option(r.options, 'hash')
    local holder = hash and call('GET', T .. ':dd:' .. hash)
    local held = holder and read(holder)
    local follows = held and held.state:find('[qda]')
    r.state, r.changed, r.token, r.attempts, r.crashes, r.started, r.note = follows and 'j' or 'q', t, '', 0, 0, '', ''
    r.options = alone(r.options)
    if follows then r.options = 'of=' .. holder .. ' ' .. r.options end
    write(id, r)
    if follows then call('SADD', T .. ':of:' .. holder, id)
    else
      if hash then call('SET', T .. ':dd:' .. hash, id) end
      call('RPUSH', Q, element(id))
    end
    changed(id)
    out[#out + 1] = id
  end
end
tell()
return out
