-- What every script begins with: names, the server's clock, who is fenced, what changed. It is run with each call, so what only some need
-- is in records.lua.
-- KEYS[1] the plain list (hotqueue:<name>), KEYS[2] the prefix of every other key ({hotqueue:<name>}: same cluster slot).
-- Each script reads and computes first and writes last: Redis does not roll back a script that fails half-way.
-- Every script but enqueue first writes what cannot grow memory (unlocked(), where it has nothing else of the kind): that lets the rest
-- run although maxmemory is reached, so that a full store can still be drained.
local call, Q, T = redis.call, KEYS[1], KEYS[2]
local J = T .. ':j:'

local function unlocked() call('DEL', T .. ':none') end

-- Milliseconds since 1970 by the server's clock, as text: the seconds, and the first three of six digits of the microseconds.
local function now()
  local t = call('TIME')
  return t[1] .. ('00000' .. t[2]):sub(-6, -4)
end

-- Whether the worker is unknown or was declared dead.
local function fenced(wid)
  local beat = call('HGET', T .. ':wk', wid)
  return not beat or beat == 'x'
end

-- Who follows a queue hears which records changed, in one message a script. Only a hint: what counts is the record.
local changes = {nil, nil}
local function tell()
  if #changes > 0 then call('PUBLISH', T .. ':ev', table.concat(changes, ' ')) end
end
