-- Moves delayed jobs that are due to the tail of the list, in the order of their times.
-- KEYS: list, prefix
-- ARGV: none
-- Returns: milliseconds until the next job is due, -1 if there is none
local t, due = now(), {}
unlocked()
local ids = call('ZRANGEBYSCORE', T .. ':d', '-inf', t, 'LIMIT', 0, 256)
for _, id in ipairs(ids) do
  local r = read(id)
  if r and r.state == 'd' then
    r.state, r.changed = 'q', t
    due[#due + 1] = {id = id, r = r}
  end
end
for _, job in ipairs(due) do
  write(job.id, job.r)
  call('RPUSH', Q, element(job.id))
  changed(job.id)
end
if #ids > 0 then call('ZREM', T .. ':d', unpack(ids)) end
tell()
local next = call('ZRANGE', T .. ':d', 0, 0, 'WITHSCORES')
return next[2] and math.max(0, next[2] - t) or -1
