-- What the scripts that move jobs share: elements of the list, records as tables. It follows the prelude; enqueue and the cycle, which seldom
-- need it, have it as functions of more().

local function element(id) return '"' .. id .. '"' end

local function parse(text)
  local r = {}
  r.state, r.changed, r.token, r.attempts, r.crashes, r.created, r.started, r.options, r.payload, r.note, r.past =
    text:match('^(%a)\t(%d+)\t([^\t]*)\t(%d+)\t(%d+)\t(%d+)\t(%d*)\t([^\n]*)\n([^\n]*)\n([^\n]*)\n([^\n]*)$')
  return r.state and r or nil
end

local function format(r)
  local head = table.concat({r.state, r.changed, r.token, r.attempts, r.crashes, r.created, r.started, r.options}, '\t')
  return table.concat({head, r.payload, r.note, r.past}, '\n')
end

local function changed(id) changes[#changes + 1] = id end

-- The id an element of the list names: a JSON string, or one that Python pickled (protocols 2 to 5). Nothing is ever unpickled: only
-- these two byte patterns are known. What is no id names no record.
local function idOf(raw)
  if raw:byte(1) == 34 and raw:byte(-1) == 34 then return raw:sub(2, -2) end
  local body = raw:match('^\128[\2-\5](.+)%.$')
  if not body then return nil end
  body = body:gsub('^\149........', '') -- FRAME
  for _, string in ipairs({'^\140(.)(.+)$', '^X(.)%z%z%z(.+)$', '^U(.)(.+)$'}) do -- SHORT_BINUNICODE, BINUNICODE, SHORT_BINSTRING
    local length, rest = body:match(string)
    if length then return rest:sub(1, length:byte()):match('^[%w._:-]+$') end
  end
end

local function read(id)
  local text = call('GET', J .. id)
  return text and parse(text)
end

local function write(id, r)
  local text = format(r)
  call('SET', J .. id, text)
  return text
end

-- An attempt that ended without ending the job, as the record keeps it. `said` has neither tab nor newline.
local function passed(r, t, wid, outcome, said)
  local attempt = table.concat({r.started, t, wid, outcome, said}, ',')
  r.past = r.past == '' and attempt or r.past .. '\t' .. attempt
end

-- The options of a job that follows no other any more.
local function alone(options) return (options:gsub('^of=%S+ ?', '')) end

local function option(options, name) return (' ' .. options):match(' ' .. name .. '=(%S+)') end

-- The content hash of a job that did not succeed is free for the next that asks.
local function release(id, hash)
  if hash and call('GET', T .. ':dd:' .. hash) == id then call('DEL', T .. ':dd:' .. hash) end
end

-- The jobs that wait for another's outcome, oldest first: {id = , r = }.
local function followersOf(id)
  local found = {}
  for _, follower in ipairs(call('SMEMBERS', T .. ':of:' .. id)) do
    local r = read(follower)
    if r and r.state == 'j' then found[#found + 1] = {id = follower, r = r} end
  end
  table.sort(found, function(a, b)
    if a.r.created ~= b.r.created then return tonumber(a.r.created) < tonumber(b.r.created) end
    return a.id < b.id
  end)
  return found
end

-- A job ended well or badly: so did those that follow it.
local function endFollowers(id, state, t, token, note)
  for _, follower in ipairs(followersOf(id)) do
    follower.r.state, follower.r.changed, follower.r.token, follower.r.note = state, t, token, note
    write(follower.id, follower.r)
    changed(follower.id)
  end
  call('DEL', T .. ':of:' .. id)
end

-- A job is given up that others follow: the oldest of them takes its place, at the head of the list.
local function passOn(id, t)
  local heirs = followersOf(id)
  call('DEL', T .. ':of:' .. id)
  local heir = table.remove(heirs, 1)
  if not heir then return end
  local hash = option(heir.r.options, 'hash')
  heir.r.state, heir.r.changed, heir.r.options = 'q', t, hash and 'hash=' .. hash or ''
  write(heir.id, heir.r)
  changed(heir.id)
  if hash then call('SET', T .. ':dd:' .. hash, heir.id) end
  call('LPUSH', Q, element(heir.id))
  for _, other in ipairs(heirs) do
    other.r.options = 'of=' .. heir.id .. (hash and ' hash=' .. hash or '')
    write(other.id, other.r)
    call('SADD', T .. ':of:' .. heir.id, other.id)
  end
end

-- What lies in a worker's inbox goes back to the head of the list, in order, without blame. Returns how many.
local function giveBackInbox(wid)
  local n = 0
  while call('LMOVE', T .. ':in:' .. wid, Q, 'RIGHT', 'LEFT') do n = n + 1 end
  return n
end
