-- Ends a job, once: only the holder of its present token can. The same end sent again (its reply was lost) is fine.
-- A complete job answers for its content hash as long as told; a failed one releases it.
-- KEYS: list, prefix
-- ARGV: id, token, state ('s' complete, 'f' failed), note (no newline), milliseconds a complete job answers for its hash
-- Output: 'OK' | 'STALE'
local id, token = ARGV[1], ARGV[2]
unlocked()
local r = read(id)
if not r or r.token ~= token then return 'STALE' end
if r.state ~= 'a' then return 'OK' end
r.state, r.changed, r.note = ARGV[3], now(), ARGV[4]
write(id, r)
call('SREM', T .. ':w:' .. token:match('^(.*):'), id)
local hash = option(r, 'hash')
if r.state == 'f' then release(id, r)
elseif hash and call('GET', T .. ':dd:' .. hash) == id then call('PEXPIRE', T .. ':dd:' .. hash, ARGV[5]) end
return 'OK'
