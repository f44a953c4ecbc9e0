-- Takes from a worker what it can no longer finish: its inbox and the jobs it holds go back to the head of the list, oldest first.
-- A job whose worker died counts one crash more; after too many it failed ("poison"). The wid stays as 'x', so that a sleeper finds
-- itself fenced, and is swept once more later (an element may still have been moved for a frozen client), then forgotten.
-- KEYS: list, prefix
-- ARGV: wid, the beat the caller saw ('' = whatever it is), crashes a job may survive, 'lost' | 'left' (in order: nobody is blamed)
-- Output: -1 (the beat is another, or no such worker) | how many jobs went back
local wid, seen, most, how = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
unlocked()
local beat = call('HGET', T .. ':wk', wid)
if not beat or (seen ~= '' and beat ~= seen) then return -1 end

local t, held, back = now(), call('SMEMBERS', T .. ':w:' .. wid), {}
for _, id in ipairs(held) do
  local r = read(id)
  if r and r.state == 'a' and r.token:sub(1, #wid + 1) == wid .. ':' then
    local past = table.concat({r.started, t, wid, how}, ',')
    r.past = r.past == '' and past or r.past .. '\t' .. past
    if how == 'lost' then r.crashes = r.crashes + 1 end
    local isPoison = tonumber(r.crashes) > most
    r.state, r.changed, r.token, r.note = isPoison and 'f' or 'q', t, '', isPoison and 'poison' or ''
    if not isPoison then r.started = '' end
    back[#back + 1] = {id = id, record = r, isPoison = isPoison}
  end
end
table.sort(back, function(a, b) return tonumber(a.record.created) > tonumber(b.record.created) end)

local n = giveBackInbox(wid)
for _, job in ipairs(back) do
  write(job.id, job.record)
  if job.isPoison then release(job.id, job.record)
  else
    call('LPUSH', Q, element(job.id))
    n = n + 1
  end
end
call('DEL', T .. ':w:' .. wid)
if beat == 'x' then call('HDEL', T .. ':wk', wid) else call('HSET', T .. ':wk', wid, 'x') end
return n
