-- A worker's sign of life, and its registration.
-- KEYS: list, prefix
-- ARGV: wid, 'new' to register, 'count' to be told how many jobs it holds, or ''
-- Output: {'OK', that number where it was asked for, ids of its jobs that somebody cancelled ...}
--         | {'FENCED'} (declared dead: its jobs are another's now)
unlocked()
if ARGV[2] == 'new' then
  call('HSET', T .. ':wk', ARGV[1], 1)
  return {'OK'}
end
if fenced(ARGV[1]) then return {'FENCED'} end
call('HINCRBY', T .. ':wk', ARGV[1], 1)
local out = call('SMEMBERS', T .. ':cx:' .. ARGV[1])
if ARGV[2] == 'count' then table.insert(out, 1, call('SCARD', T .. ':w:' .. ARGV[1])) end
table.insert(out, 1, 'OK')
return out
