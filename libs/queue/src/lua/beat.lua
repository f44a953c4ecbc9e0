-- A worker's sign of life, and its registration.
-- KEYS: list, prefix
-- ARGV: wid, 'new' to register or ''
-- Output: {'OK', ids of its jobs that somebody cancelled ...} | {'FENCED'} (declared dead: its jobs are another's now)
unlocked()
if ARGV[2] == 'new' then
  call('HSET', T .. ':wk', ARGV[1], 1)
  return {'OK'}
end
if fenced(ARGV[1]) then return {'FENCED'} end
call('HINCRBY', T .. ':wk', ARGV[1], 1)
local out = call('SMEMBERS', T .. ':cx:' .. ARGV[1])
table.insert(out, 1, 'OK')
return out
