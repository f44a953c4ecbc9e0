-- Cancels a job. A waiting job is cancelled at once. A job of a worker is marked, and the worker is notified: it ends the job.
-- KEYS: list, prefix
-- ARGV: id
-- Returns: the letter of its state afterwards ('a': cancellation requested) | '-' if there is no such job
local id = ARGV[1]
local r = read(id)
if not r then return '-' end
unlocked()
if r.state == 'a' then
  local wid = r.token:match('^(.*):')
  call('SADD', T .. ':cx:' .. wid, id)
  call('PUBLISH', T .. ':ctl', 'cancel ' .. id)
  return 'a'
end
if not r.state:find('[qdj]') then return r.state end
local t = now()
if r.state == 'd' then call('ZREM', T .. ':d', id)
elseif r.state == 'j' then call('SREM', T .. ':of:' .. option(r.options, 'of'), id)
-- In a long list the element stays: the worker that takes it finds the job cancelled and drops it.
elseif call('LLEN', Q) <= 10000 then call('LREM', Q, 1, element(id)) end
local isFollowable = r.state ~= 'j'
r.state, r.changed = 'c', t
write(id, r)
changed(id)
if isFollowable then
  release(id, option(r.options, 'hash'))
  passOn(id, t)
end
tell()
return 'c'
