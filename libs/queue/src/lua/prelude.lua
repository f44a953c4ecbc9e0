-- Shared by all scripts: names, the server's clock, whether a worker is fenced, the changed jobs. It runs with each call, so functions that
-- only some scripts need are in records.lua.
-- KEYS[1] is the plain list (hotqueue:<name>), KEYS[2] the prefix of all other keys ({hotqueue:<name>}, in the same cluster slot).
-- Each script first reads and computes, and writes last: Redis does not roll back a script that fails.
-- Each script but enqueue first writes what cannot grow memory, by unlocked() if it has no such write itself. This lets the rest run even if
-- maxmemory is reached, so that a full store can still be drained.
local call, Q, T = redis.call, KEYS[1], KEYS[2]
local J = T .. ':j:'

local function unlocked() call('DEL', T .. ':none') end

-- The server's clock in milliseconds since 1970, as text: the seconds, then the first three of six digits of the microseconds.
local function now()
  local t = call('TIME')
  return t[1] .. ('00000' .. t[2]):sub(-6, -4)
end

-- True if the worker is unknown or was declared dead.
local function fenced(wid)
  local beat = call('HGET', T .. ':wk', wid)
  return not beat or beat == 'x'
end

-- Publishes which records changed, one message per script. It is only a hint: the record is authoritative.
local changes = {nil, nil}
local function tell()
  if #changes > 0 then call('PUBLISH', T .. ':ev', table.concat(changes, ' ')) end
end
