-- Judges jobs that looked wrong, in one step, and puts back in the list what is nowhere: a job that waits but lies in no list (a program
-- took its id and died with it), one that is active under nobody. A job that changed lately is left alone: it may be on its way.
-- KEYS: list, prefix
-- ARGV: milliseconds a job must not have changed, then ids
-- Output: for each id 'fine', 'young', 'gone' (no record) or 'back' (it was nowhere; now it is in the list)
unlocked()
local t, grace, out = now(), tonumber(ARGV[1]), {}
local workers = call('HKEYS', T .. ':wk')
local function isIn(list, raw)
  for _, other in ipairs(call('LRANGE', list, 0, -1)) do
    if other == raw then return true end
  end
  return false
end
local function isSomewhere(id, r)
  if r.state == 'd' then return call('ZSCORE', T .. ':d', id) end
  if r.state == 'j' then
    local held = read(option(r.options, 'of'))
    return held and held.state:find('[qda]') and call('SISMEMBER', T .. ':of:' .. option(r.options, 'of'), id) == 1
  end
  if r.state == 'a' then
    local wid = r.token:match('^(.*):')
    return call('HEXISTS', T .. ':wk', wid) == 1 and call('SISMEMBER', T .. ':w:' .. wid, id) == 1
  end
  if call('LPOS', Q, element(id)) then return true end
  for _, wid in ipairs(workers) do
    if isIn(T .. ':in:' .. wid, element(id)) then return true end
  end
  return false
end
for i = 2, #ARGV do
  local id = ARGV[i]
  local r = read(id)
  if not r then
    call('ZREM', T .. ':all', id)
    out[#out + 1] = 'gone'
  elseif not r.state:find('[qdaj]') or isSomewhere(id, r) then out[#out + 1] = 'fine'
  elseif t - r.changed < grace then out[#out + 1] = 'young'
  else
    local hash = option(r.options, 'hash')
    if r.state == 'a' then passed(r, t, r.token:match('^(.*):'), 'lost') end
    r.state, r.changed, r.token, r.started, r.note = 'q', t, '', '', ''
    r.options = hash and 'hash=' .. hash or ''
    write(id, r)
    call('RPUSH', Q, element(id))
    changed(id)
    out[#out + 1] = 'back'
  end
end
tell()
return out
