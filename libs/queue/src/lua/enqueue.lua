-- Accepts a job: its record, its place in the index and its id in the list appear together or not at all.
-- The same id again changes nothing. With a content hash that an open or a complete job holds, the new job joins that one
-- instead of being put in the list: a complete holder's outcome is copied, an open holder is followed.
-- The first write grows, on purpose: under OOM this script alone is refused, before anything happened.
-- KEYS: list, prefix
-- ARGV: id, payload (no raw newline), content hash or ''
-- Output: {'new' | 'known' | 'joined', record}
local id, payload, hash = ARGV[1], ARGV[2], ARGV[3]
local have = call('GET', T .. ':j:' .. id)
if have then return {'known', have} end
call('LLEN', Q) -- an error here, if the list is no list, comes before any write

local t = now()
local r = {
  state = 'q', changed = t, token = '', attempts = 0, crashes = 0, created = t, started = '',
  options = hash == '' and '' or 'hash=' .. hash, payload = payload, note = '', past = '',
}
local holder = hash ~= '' and call('GET', T .. ':dd:' .. hash)
local held = holder and read(holder)
if held and (held.state == 'q' or held.state == 'd' or held.state == 'a' or held.state == 's') then
  r.options = 'of=' .. holder
  r.state = 'j'
  if held.state == 's' then r.state, r.token, r.note = 's', held.token, held.note end
  local text = write(id, r)
  call('ZADD', T .. ':all', t, id)
  return {'joined', text}
end

local text = write(id, r)
if hash ~= '' then call('SET', T .. ':dd:' .. hash, id) end
call('ZADD', T .. ':all', t, id)
call('RPUSH', Q, element(id))
return {'new', text}
