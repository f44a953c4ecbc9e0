-- After a lost reply: finds the jobs that a worker holds and does not know of.
-- KEYS: list, prefix
-- ARGV: wid, then the ids it knows
-- Returns: {'FENCED'} | {'OK', id, record, id, record, ...}
local wid, known, out = ARGV[1], {}, {'OK'}
unlocked()
if fenced(wid) then
  giveBackInbox(wid)
  return {'FENCED'}
end
for i = 2, #ARGV do known[ARGV[i]] = true end
for _, id in ipairs(call('SMEMBERS', T .. ':w:' .. wid)) do
  if not known[id] then
    local text = call('GET', J .. id)
    local r = text and parse(text)
    if r and r.state == 'a' and r.token:sub(1, #wid + 1) == wid .. ':' then
      out[#out + 1] = id
      out[#out + 1] = text
    else
      call('SREM', T .. ':w:' .. wid, id)
    end
  end
end
return out
