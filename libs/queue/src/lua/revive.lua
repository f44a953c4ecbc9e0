-- Returns failed and cancelled jobs to the tail of the list. Attempts and crashes are counted anew; past attempts stay in the record.
-- If an open job has the same content, the revived job follows it, as a new job would.
-- KEYS: list, prefix
-- ARGV: for each job: id, why its last attempt failed (stored with it), or ''
-- Returns: the ids of the revived jobs
unlocked()
local t, out = now(), {}
for i = 1, #ARGV, 2 do
  local id, reason = ARGV[i], ARGV[i + 1] ~= '' and ARGV[i + 1] or nil
  local r = read(id)
  if r and (r.state == 'f' or r.state == 'c') then
    -- Without a token its last attempt is recorded already: reap did so.
    if r.started ~= '' and r.token ~= '' then passed(r, t, r.token:match('^(.*):'), r.state == 'f' and 'failed' or 'cancelled', reason) end
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
