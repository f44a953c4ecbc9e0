-- Records the progress of an active job. It never decreases within an attempt, and never changes a job of another worker.
-- KEYS: list, prefix
-- ARGV: id, token, percent (0-100), stage (no newline)
-- Returns: 'OK' | 'CANCEL' (recorded, and the job was cancelled) | 'STALE'
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
