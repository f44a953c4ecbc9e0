-- What every script begins with: names, the server's clock, and the record as a table.
-- KEYS[1] the plain list (hotqueue:<name>), KEYS[2] the prefix of every other key ({hotqueue:<name>}: same cluster slot).
-- Each script reads and computes first and writes last: Redis does not roll back a script that fails half-way.
-- Every script but enqueue calls unlocked() before its other writes: a first write that cannot grow memory lets the rest run
-- although maxmemory is reached, so that a full store can still be drained.
local call, Q, T = redis.call, KEYS[1], KEYS[2]

local function unlocked() call('DEL', T .. ':none') end

-- Milliseconds since 1970 by the server's clock, as text.
local function now()
  local t = call('TIME')
  return string.format('%.0f', t[1] * 1000 + math.floor(t[2] / 1000))
end

local function element(id) return '"' .. id .. '"' end

local function parse(text)
  local r = {}
  r.state, r.changed, r.token, r.attempts, r.crashes, r.created, r.started, r.options, r.payload, r.note, r.past =
    text:match('^(%a)\t(%d+)\t([^\t]*)\t(%d+)\t(%d+)\t(%d+)\t(%d*)\t([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)$')
  return r.state and r or nil
end

local function read(id)
  local text = call('GET', T .. ':j:' .. id)
  return text and parse(text)
end

local function format(r)
  local head = table.concat({r.state, r.changed, r.token, r.attempts, r.crashes, r.created, r.started, r.options}, '\t')
  return table.concat({head, r.payload, r.note, r.past}, '\n')
end

local function write(id, r)
  local text = format(r)
  call('SET', T .. ':j:' .. id, text)
  return text
end

-- Whether the worker is unknown or was declared dead.
local function fenced(wid)
  local beat = call('HGET', T .. ':wk', wid)
  return not beat or beat == 'x'
end

local function option(r, name) return r.options:match(name .. '=(%S+)') end

-- The content hash of a job that did not succeed is free for the next that asks.
local function release(id, r)
  local hash = option(r, 'hash')
  if hash and call('GET', T .. ':dd:' .. hash) == id then call('DEL', T .. ':dd:' .. hash) end
end

-- What lies in a worker's inbox goes back to the head of the list, in order, without blame. Returns how many.
local function giveBackInbox(wid)
  local n = 0
  while call('LMOVE', T .. ':in:' .. wid, Q, 'RIGHT', 'LEFT') do n = n + 1 end
  return n
end
