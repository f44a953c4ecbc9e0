-- The one call of a worker: ends the jobs it finished, then starts at most n others, first from its inbox (filled by BLMOVE), then from the
-- head of the list. A job ends once: only the holder of its present token can end it. The same end sent again, after a lost reply, changes
-- nothing. A job becomes active under the fencing token wid:seq, and one attempt more is counted. An element without a record is adopted as
-- a job with the element as its payload, or moved to the lost list with its bytes. An element whose job does not wait (put twice, or ended
-- meanwhile) is dropped.
-- KEYS: list, prefix
-- ARGV: wid, seq (grows with each call of this worker), n, 'adopt' or '', milliseconds the outcome of a complete job is reused for its hash,
--       then for each finished job: id, token, outcome ('s' complete, 'f' failed, 'c' cancelled; delayed: 'r' the attempt failed, 'k' it was
--       interrupted from outside, which counts as a crash, 'w' it waits for something, which counts as nothing), note (no newline),
--       milliseconds of delay for 'r', 'k' and 'w'
-- Returns: {'FENCED'} | {'OK' | 'PAUSED' (nothing is started), number of elements taken, number of stale ends, their ids ...,
--          id, record, id, record, ...}
local wid, n, adopts = ARGV[1], tonumber(ARGV[3]), ARGV[4] == 'adopt'
local token, W, IN, CX = wid .. ':' .. ARGV[2], T .. ':w:' .. wid, T .. ':in:' .. wid, T .. ':cx:' .. wid
if fenced(wid) then
  unlocked()
  more().giveBackInbox(wid)
  return {'FENCED'}
end
-- nil in a new table reserves room for a single job: to grow a table costs more than to fill it.
local t, out = now(), {'OK', 0, 0, nil, nil}

local elements = n > 0 and call('LRANGE', IN, 0, n - 1) or {}
local fromInbox = #elements
if n > fromInbox then
  local waiting = call('LRANGE', Q, 0, n - fromInbox - 1)
  if fromInbox == 0 then elements = waiting
  else
    for _, raw in ipairs(waiting) do elements[#elements + 1] = raw end
  end
end

local ARGV, find, sub, byte = ARGV, string.find, string.sub, string.byte
local keys, taken, ends = {nil, nil, nil}, {nil}, 0
for i = 6, #ARGV, 5 do
  ends = ends + 1
  keys[ends] = J .. ARGV[i]
end
for i, raw in ipairs(elements) do
  -- The usual element; idOf would recognize it as well.
  local id
  if byte(raw) == 34 and byte(raw, -1) == 34 then id = sub(raw, 2, -2) else id = more().idOf(raw) end
  taken[i] = id
  keys[ends + i] = id and J .. id or T .. ':none'
end
if #keys == 0 then
  if n > 0 and call('EXISTS', T .. ':paused') == 1 then out[1] = 'PAUSED' end
  return out
end
-- The same call reads if the queue is paused.
if n > 0 then keys[#keys + 1] = T .. ':paused' end

-- Records are cut at places that plain searches find: patterns would cost as much as all the rest. So would each further piece of text,
-- since Lua reads each byte of it, and functions that make this shorter. A damaged record is skipped, or stays as it is.
local texts, records, last = call('MGET', unpack(keys)), {nil, nil, nil, nil}, 0
if n > 0 and texts[#keys] then
  unlocked()
  more().giveBackInbox(wid)
  out[1] = 'PAUSED'
  elements, fromInbox = {}, 0
end
out[2] = #elements

-- Tables that most calls do not need are created when needed.
local gone, later, hashed, adopted, lost
for k = 1, ends do
  local i, text = 5 * k + 1, texts[k] or ''
  local id, held, outcome, note = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local holder = (find(text, '\t', 3, true) or 0) + 1
  local counts = holder + #held + 1
  local isHeld, isActive = sub(text, holder, counts - 1) == held .. '\t', byte(text) == 97
  -- A stale end may come from the worker that has the job again: then the worker keeps it.
  if isHeld or not isActive or sub(text, holder, holder + #wid) ~= wid .. ':' then
    gone = gone or {nil}
    gone[#gone + 1] = id
  end
  if not isHeld then
    out[3] = out[3] + 1
    out[#out + 1] = id
  elseif isActive then
    -- A job that was cancelled gets no further attempt.
    local isAgain = outcome == 'r' or outcome == 'k' or outcome == 'w'
    if isAgain and call('SISMEMBER', CX, id) == 1 then isAgain, outcome, note = false, 'c', '' end
    if isAgain then
      local r = more().parse(text)
      if outcome == 'w' then
        -- As if the attempt had not begun. The note stays until the next attempt writes progress: why the job waits, and since when.
        r.attempts, r.note = math.max(0, r.attempts - 1), note
      else
        more().passed(r, t, wid, outcome == 'k' and 'lost' or 'failed', note)
        r.crashes, r.note = r.crashes + (outcome == 'k' and 1 or 0), ''
      end
      r.state, r.changed, r.started = 'd', t, ''
      records[last + 1], records[last + 2] = keys[k], more().format(r)
      later = later or {}
      later[#later + 1] = t + ARGV[i + 4]
      later[#later + 1] = id
    else
      local payload = find(text, '\n', counts, true) or 0
      if byte(text, payload - 1) ~= 9 then
        hashed = hashed or {}
        hashed[#hashed + 1] = {id, outcome, held, note, more().option(sub(text, 1, payload - 1):match('[^\t]*$'), 'hash')}
      end
      local noted = find(text, '\n', payload + 1, true) or 0
      local past = find(text, '\n', noted + 1, true) or 0
      records[last + 1] = keys[k]
      records[last + 2] = outcome .. '\t' .. t .. '\t' .. held .. '\t' .. sub(text, counts, noted) .. note .. sub(text, past)
    end
    last = last + 2
    changes[#changes + 1] = id
  end
end

local seen, mine, head = #elements > 1 and {}, {nil}, 'a\t' .. t .. '\t' .. token .. '\t'
for i, raw in ipairs(elements) do
  local id, key, text, new = taken[i], keys[ends + i], texts[ends + i], nil
  if text then
    if byte(text) == 113 and not (seen and seen[id]) then
      -- A job that waits has no note, so the text behind the head stays. Each variable is the position of the tab before that field.
      local token = find(text, '\t', 3, true)
      local attempts = token and find(text, '\t', token + 1, true)
      local crashes = attempts and find(text, '\t', attempts + 1, true)
      local created = crashes and find(text, '\t', crashes + 1, true)
      local started = created and find(text, '\t', created + 1, true)
      local options = started and find(text, '\t', started + 1, true)
      local before = options and sub(text, attempts + 1, crashes - 1)
      local attempt = before == '0' and '1' or tonumber(before) and before + 1
      if attempt then new = head .. attempt .. sub(text, crashes, started) .. t .. sub(text, options) end
    end
  elseif adopts and raw:find('^[%[{"%d%-tf]') then
    -- Derived from the token and the position, so that the id is new. It has the form of a UUID (version 8: custom).
    local hex = redis.sha1hex(token .. ':' .. i)
    id = hex:sub(1, 8) .. '-' .. hex:sub(9, 12) .. '-8' .. hex:sub(14, 16) .. '-a' .. hex:sub(18, 20) .. '-' .. hex:sub(21, 32)
    key = J .. id
    new = table.concat({'a', t, token, 1, 0, t, t, 'foreign=1'}, '\t') .. '\n' .. raw:gsub('[\r\n]', ' ') .. '\n\n'
    adopted = adopted or {}
    adopted[#adopted + 1] = t
    adopted[#adopted + 1] = id
  else
    lost = lost or {}
    lost[#lost + 1] = raw
  end
  if new then
    if seen then seen[id] = true end
    records[last + 1], records[last + 2] = key, new
    last = last + 2
    mine[#mine + 1] = id
    out[#out + 1] = id
    out[#out + 1] = new
    changes[#changes + 1] = id
  end
end

-- All is computed. The writes follow, first those that cannot grow memory.
if fromInbox > 0 then call('LPOP', IN, fromInbox) end
if #elements > fromInbox then call('LPOP', Q, #elements - fromInbox) end
if gone then
  call('SREM', W, unpack(gone))
  call('SREM', CX, unpack(gone))
end
if last > 0 then call('MSET', unpack(records)) end
if #mine > 0 then call('SADD', W, unpack(mine)) end
if adopted then call('ZADD', T .. ':all', unpack(adopted)) end
if lost then call('RPUSH', T .. ':lost', unpack(lost)) end
if later then call('ZADD', T .. ':d', unpack(later)) end
if hashed then
  local sets = {}
  for k, job in ipairs(hashed) do sets[k] = T .. ':of:' .. job[1] end
  local areFollowed = call('EXISTS', unpack(sets)) > 0
  for _, job in ipairs(hashed) do
    local id, outcome, holder, note, hash = unpack(job)
    if outcome == 's' and hash and call('GET', T .. ':dd:' .. hash) == id then call('PEXPIRE', T .. ':dd:' .. hash, ARGV[5])
    elseif outcome ~= 's' then more().release(id, hash) end
    if areFollowed then
      if outcome == 'c' then more().passOn(id, t) else more().endFollowers(id, outcome, t, holder, note) end
    end
  end
end
tell()
return out
