-- Judges jobs that looked wrong from outside, each in one step, and mends them: a job is where its state says it is, and nowhere else.
-- One that is nowhere goes back to the tail of the list: a program took its id and died with it, or a write was lost with the server. If
-- it changed lately it is left alone: it may be on its way. Ended jobs may still lie in the list: who takes them drops them.
-- KEYS: list, prefix
-- ARGV: milliseconds a job must not have changed to be put back, 'mend' or 'look', how many workers, their wids ..., ids ...
-- Output: for each id 'fine', or what was found, between blanks: 'gone' (in the index, delayed or held, and has no record: forgotten),
--         'unreadable' (left alone), 'unlisted' (not in the index: entered), 'doubled' (where it does not belong too: taken out there),
--         'nowhere' (put back), 'young' (nowhere, and left alone)
unlocked()
local t, grace, mends = now(), tonumber(ARGV[1]), ARGV[2] == 'mend'
local workers, ids = {}, {}
for i = 4, #ARGV do
  if i < 4 + ARGV[3] then workers[#workers + 1] = ARGV[i] else ids[#ids + 1] = ARGV[i] end
end

-- Takes the id out of a set, or only says whether it is in it.
local function leavesSet(set, id) return call(mends and 'SREM' or 'SISMEMBER', set, id) == 1 end
local function leavesDelayed(id)
  if mends then return call('ZREM', T .. ':d', id) == 1 end
  return call('ZSCORE', T .. ':d', id) and true
end
local function leavesHeld(id, except)
  local has = false
  for _, wid in ipairs(workers) do
    if wid ~= except and leavesSet(T .. ':w:' .. wid, id) then has = true end
  end
  return has
end
-- Takes the id out of a list but for `kept` of its places. Returns how many there were.
local function leavesList(list, id, kept)
  local n = #call('LPOS', list, element(id), 'COUNT', 0)
  if mends and n > kept then call('LREM', list, kept - n, element(id)) end
  return n
end
-- The same in the inboxes and the list: the first place found is kept, inboxes before the list.
local function leavesLists(id, kept)
  local found = 0
  for _, wid in ipairs(workers) do found = found + leavesList(T .. ':in:' .. wid, id, math.max(0, kept - found)) end
  return found + leavesList(Q, id, math.max(0, kept - found))
end

-- Whether a job is where its state says.
local function isInPlace(id, r)
  if r.state == 'd' then return call('ZSCORE', T .. ':d', id) and true end
  if r.state == 'j' then
    local of = option(r.options, 'of')
    local holder = of and read(of)
    return holder and holder.state:find('[qda]') and call('SISMEMBER', T .. ':of:' .. of, id) == 1
  end
  local wid = r.token:match('^(.*):')
  return wid and call('SISMEMBER', T .. ':w:' .. wid, id) == 1
end

local function putBack(id, r)
  if r.state == 'a' then passed(r, t, r.token:match('^(.*):') or '', 'lost') end
  r.options = alone(r.options)
  r.state, r.changed, r.token, r.started, r.note = 'q', t, '', '', ''
  write(id, r)
  call('RPUSH', Q, element(id))
  changed(id)
end

local function judge(id)
  local found = {}
  local function find(what) found[#found + 1] = what end
  local r = read(id)
  if not r then
    if call('EXISTS', J .. id) == 1 then return 'unreadable' end
    local isListed = call('ZSCORE', T .. ':all', id)
    if mends then call('ZREM', T .. ':all', id) end
    local isDelayed, isHeld = leavesDelayed(id), leavesHeld(id)
    return (isListed or isDelayed or isHeld) and 'gone' or 'fine'
  end
  if not call('ZSCORE', T .. ':all', id) then
    find('unlisted')
    if mends then call('ZADD', T .. ':all', r.created, id) end
  end
  local isOpen = r.state:find('[qdaj]')
  -- Not for one that follows another: each would cost a walk through the list, for what its taker drops.
  local lists = r.state:find('[qda]') and leavesLists(id, r.state == 'q' and 1 or 0) or 0
  local isDelayed = r.state ~= 'd' and leavesDelayed(id)
  local isHeld = leavesHeld(id, r.state == 'a' and r.token:match('^(.*):'))
  if lists > (r.state == 'q' and 1 or 0) or isDelayed or isHeld then find('doubled') end
  if isOpen then
    local isThere = lists > 0
    if r.state ~= 'q' then isThere = isInPlace(id, r) end
    if not isThere and t - r.changed < grace then find('young')
    elseif not isThere then
      find('nowhere')
      if mends then
        leavesHeld(id)
        putBack(id, r)
      end
    end
  end
  return #found == 0 and 'fine' or table.concat(found, ' ')
end

local out = {}
for i, id in ipairs(ids) do out[i] = judge(id) end
tell()
return out
