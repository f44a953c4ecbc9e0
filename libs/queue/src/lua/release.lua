-- Ends the reuse of a job's outcome: the next job of the same content runs again.
-- KEYS: list, prefix
-- ARGV: id
-- Returns: 1
unlocked()
local r = read(ARGV[1])
if r then release(ARGV[1], option(r.options, 'hash')) end
return 1
