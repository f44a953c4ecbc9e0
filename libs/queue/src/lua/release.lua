-- Ends a job's answering for its content hash: the next job of the same content is worked anew.
-- KEYS: list, prefix
-- ARGV: id
-- Output: 1
unlocked()
local r = read(ARGV[1])
if r then release(ARGV[1], option(r.options, 'hash')) end
return 1
