-- Returns the jobs of a worker to the head of the list: its inbox and the jobs it holds, oldest first. Jobs of the same millisecond are
-- ordered by id, since a set has no order and servers differ.
-- Each job of a dead worker counts one crash more. After too many crashes it fails ("poison"). A job that was cancelled is cancelled.
-- The wid is marked 'x', so that a worker that continues finds itself fenced. It is reaped once more later (an element may still have been
-- moved for it), and then removed.
-- KEYS: list, prefix
-- ARGV: wid, the heartbeat that the caller saw ('' = any), crashes a job may survive, 'lost' | 'left' (a regular stop: counts no crash)
-- Returns: the number of jobs returned | -1 if the heartbeat is another, or there is no such worker
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
