-- Shared by the scripts that move jobs: list elements, and records as tables. It follows the prelude. In enqueue and cycle, which seldom
-- need it, these functions are fields of more().

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

-- The id in a list element: a JSON string, or a string pickled by Python (protocols 2 to 5). Nothing is ever unpickled: only these
-- two byte patterns are recognized. Returns nil for anything else.
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

-- Adds an attempt that did not end its job to the record. `reason` has neither tab nor newline.
local function passed(r, t, wid, outcome, reason)
  local attempt = table.concat({r.started, t, wid, outcome, reason}, ',')
  r.past = r.past == '' and attempt or r.past .. '\t' .. attempt
end

-- The options of a job that no longer follows another.
local function alone(options) return (options:gsub('^of=%S+ ?', '')) end

local function option(options, name) return (' ' .. options):match(' ' .. name .. '=(%S+)') end

-- Releases the content hash of a job that did not succeed, for the next job of the same content.
local function release(id, hash)
  if hash and call('GET', T .. ':dd:' .. hash) == id then call('DEL', T .. ':dd:' .. hash) end
end

-- The jobs that follow a job, oldest first: {id = , r = }.
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

-- Ends the jobs that follow an ended job.
local function endFollowers(id, state, t, token, note)
  for _, follower in ipairs(followersOf(id)) do
    follower.r.state, follower.r.changed, follower.r.token, follower.r.note = state, t, token, note
    write(follower.id, follower.r)
    changed(follower.id)
  end
  call('DEL', T .. ':of:' .. id)
end

-- After a job was cancelled, the oldest job that follows it takes its place, at the head of the list.
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

-- Returns the elements of a worker's inbox to the head of the list, in order. No crash is counted. Returns their number.
local function giveBackInbox(wid)
  local n = 0
  while call('LMOVE', T .. ':in:' .. wid, Q, 'RIGHT', 'LEFT') do n = n + 1 end
  return n
end
