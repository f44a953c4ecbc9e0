-- Takes from a worker what it can no longer finish: its inbox and the jobs it holds go back to the head of the list, oldest first, those
-- of the same millisecond by their ids: a set has no order, and servers differ in the one they answer in.
-- A job whose worker died counts one crash more; after too many it failed ("poison"); one that somebody cancelled is cancelled.
-- The wid stays as 'x', so that a sleeper finds itself fenced, and is swept once more later (an element may still have been moved for a
-- frozen client), then forgotten.
-- KEYS: list, prefix
-- ARGV: wid, the beat the caller saw ('' = whatever it is), crashes a job may survive, 'lost' | 'left' (in order: nobody is blamed)
-- Output: -1 (the beat is another, or no such worker) | how many jobs went back
local wid, seen, most, how = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
unlocked()
local beat = call('HGET', T .. ':wk', wid)
if not beat or (seen ~= '' and beat ~= seen) then return -1 end

local t, held = now(), {}
for _, id in ipairs(call('SMEMBERS', T .. ':w:' .. wid)) do
  local r = read(id)
  if r and r.state == 'a' and r.token:sub(1, #wid + 1) == wid .. ':' then
    passed(r, t, wid, how)
    if how == 'lost' then r.crashes = r.crashes + 1 end
    r.state, r.note = 'q', ''
    if tonumber(r.crashes) > most then r.state, r.note = 'f', 'poison ' .. r.crashes end
    if call('SISMEMBER', T .. ':cx:' .. wid, id) == 1 then r.state, r.note = 'c', '' end
    if r.state == 'q' then r.started = '' end
    r.changed, r.token = t, ''
    held[#held + 1] = {id = id, r = r}
  end
end
table.sort(held, function(a, b)
  if a.r.created ~= b.r.created then return tonumber(a.r.created) > tonumber(b.r.created) end
  return a.id > b.id
end)

local n = giveBackInbox(wid)
for _, job in ipairs(held) do
  write(job.id, job.r)
  changed(job.id)
  if job.r.state == 'q' then
    call('LPUSH', Q, element(job.id))
    n = n + 1
  else
    release(job.id, option(job.r.options, 'hash'))
    if job.r.state == 'c' then passOn(job.id, t) else endFollowers(job.id, 'f', t, '', job.r.note) end
  end
end
call('DEL', T .. ':w:' .. wid, T .. ':cx:' .. wid)
if beat == 'x' then call('HDEL', T .. ':wk', wid) else call('HSET', T .. ':wk', wid, 'x') end
tell()
return n
