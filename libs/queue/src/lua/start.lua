-- Starts the next job for a worker: first what BLMOVE moved to its inbox, then the head of the list.
-- The job becomes active under the fencing token wid:seq, counted as one more attempt. An element that names no record is kept
-- in the lost list with its bytes; one whose job is not waiting (put twice, or ended meanwhile) is dropped.
-- KEYS: list, prefix
-- ARGV: wid, seq (grows with every call of this worker)
-- Output: {'FENCED'} | {'EMPTY'} | {'MORE'} (many elements were no jobs: call again) | {'JOB', id, record}
local wid, token = ARGV[1], ARGV[1] .. ':' .. ARGV[2]
unlocked()
if fenced(wid) then
  giveBackInbox(wid)
  return {'FENCED'}
end
for _ = 1, 500 do
  local from = T .. ':in:' .. wid
  local raw = call('LINDEX', from, 0)
  if not raw then
    from = Q
    raw = call('LINDEX', from, 0)
  end
  if not raw then return {'EMPTY'} end
  local id = raw:match('^"([%w._:-]+)"$')
  local r = id and read(id)
  if r and r.state == 'q' then
    r.state, r.changed, r.token, r.attempts, r.note = 'a', now(), token, r.attempts + 1, ''
    r.started = r.changed
    local text = write(id, r)
    call('SADD', T .. ':w:' .. wid, id)
    call('LPOP', from)
    return {'JOB', id, text}
  end
  if not r then call('RPUSH', T .. ':lost', raw) end
  call('LPOP', from)
end
return {'MORE'}
