-- Starts one job by its id, for a worker that got the id elsewhere: a program in another language took it from the list itself.
-- KEYS: list, prefix
-- ARGV: wid, seq, id
-- Returns: {'FENCED'} | {'OK', record} | {the letter of its state} if it does not wait ('-': no such job)
local wid, token, id = ARGV[1], ARGV[1] .. ':' .. ARGV[2], ARGV[3]
unlocked()
if fenced(wid) then return {'FENCED'} end
local r = read(id)
if not r then return {'-'} end
if r.state == 'a' and r.token == token then return {'OK', format(r)} end
if r.state ~= 'q' then return {r.state} end
local t = now()
r.state, r.changed, r.token, r.attempts, r.started = 'a', t, token, r.attempts + 1, t
local text = write(id, r)
call('LREM', Q, 0, element(id))
call('SADD', T .. ':w:' .. wid, id)
changed(id)
tell()
return {'OK', text}
