-- Notes how far an active job is. Never goes back within an attempt, and never touches a job that another holds.
-- KEYS: list, prefix
-- ARGV: id, token, percent (0-100), stage (no newline)
-- Output: 'OK' | 'CANCEL' (noted, and somebody cancelled it) | 'STALE'
local id, token = ARGV[1], ARGV[2]
unlocked()
local r = read(id)
if not r or r.state ~= 'a' or r.token ~= token then return 'STALE' end
local before = tonumber(r.note:match('^(%d+)') or '0')
r.changed = now()
r.note = math.max(before, tonumber(ARGV[3])) .. ' ' .. ARGV[4]
write(id, r)
changed(id)
for _, follower in ipairs(call('SMEMBERS', T .. ':of:' .. id)) do changed(follower) end
tell()
return call('SISMEMBER', T .. ':cx:' .. token:match('^(.*):'), id) == 1 and 'CANCEL' or 'OK'
