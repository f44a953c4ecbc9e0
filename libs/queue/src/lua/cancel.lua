-- Cancels a job. One that waits is cancelled at once; one that a worker has is marked, and the worker is told: it ends it.
-- KEYS: list, prefix
-- ARGV: id
-- Output: the letter of its state afterwards ('a': asked for) | '-' where there is none
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
-- In a long list it stays where it is: who takes it finds it cancelled and drops it.
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
