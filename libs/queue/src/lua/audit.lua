-- Checks suspicious jobs, each in one step, and repairs them: a job is where its state says it is, and nowhere else.
-- A job that is nowhere returns to the tail of the list: a program took its id and died, or the server lost a write. If the job changed
-- lately it is left alone, since it may be moving. Ended jobs may still be in the list: the worker that takes one drops it.
-- KEYS: list, prefix
-- ARGV: milliseconds a job must be unchanged to be put back, 'mend' or 'look', number of workers, their wids ..., ids ...
-- Returns: for each id 'fine', or what was found, separated by blanks: 'gone' (in the index, delayed or held, but without a record:
--          removed), 'unreadable' (left alone), 'unlisted' (not in the index: added), 'doubled' (also in a wrong place: removed there),
--          'nowhere' (put back), 'young' (nowhere, but left alone)
unlocked()
local t, grace, mends = now(), tonumber(ARGV[1]), ARGV[2] == 'mend'
local workers, ids = {}, {}
for i = 4, #ARGV do
  if i < 4 + ARGV[3] then workers[#workers + 1] = ARGV[i] else ids[#ids + 1] = ARGV[i] end
end

-- Removes the id from a set, or only tests if it is a member.
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
-- Removes the id from a list, except `kept` of its places. Returns the number of places before.
local function leavesList(list, id, kept)
  local n = #call('LPOS', list, element(id), 'COUNT', 0)
  if mends and n > kept then call('LREM', list, kept - n, element(id)) end
  return n
end
-- The same for the inboxes and the list. The places found first are kept, inboxes before the list.
local function leavesLists(id, kept)
  local found = 0
  for _, wid in ipairs(workers) do found = found + leavesList(T .. ':in:' .. wid, id, math.max(0, kept - found)) end
  return found + leavesList(Q, id, math.max(0, kept - found))
end

-- True if a job is where its state says.
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
  -- Not for a job that follows another: the search costs a walk through the list, and the worker that takes the element drops it.
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
