-- Renews a worker's claim on its jobs, or registers the worker.
-- KEYS: list, prefix
-- ARGV: wid, 'new' to register, 'count' to get the number of jobs it holds, or ''
-- Returns: {'OK', that number if requested, ids of its jobs that were cancelled ...} | {'FENCED'} (declared dead: others have its jobs)
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
