-- A worker's one call: ends the jobs it finished, then starts up to n others, first what BLMOVE moved to its inbox, then the list's head.
-- A job is ended once: only the holder of its present token can. The same end sent again (its reply was lost) changes nothing.
-- A job becomes active under the fencing token wid:seq, counted as one more attempt. An element that names no record is adopted as a job
-- with the element as its payload, or kept in the lost list with its bytes; one whose job is not waiting (put twice, or ended
-- meanwhile) is dropped.
-- KEYS: list, prefix
-- ARGV: wid, seq (grows with every call of this worker), n, 'adopt' or '', milliseconds a complete job answers for its hash,
--       then for each finished job: id, token, outcome ('s' complete, 'f' failed, 'c' cancelled, 'r' again later), note (no newline),
--       milliseconds to wait where it is 'r'
-- Output: {'FENCED'} | {'OK' | 'PAUSED' (nothing is started), how many elements were taken, how many ends were stale, their ids ...,
--         id, record, id, record, ...}
local wid, n, adopts = ARGV[1], tonumber(ARGV[3]), ARGV[4] == 'adopt'
local token, W, IN = wid .. ':' .. ARGV[2], T .. ':w:' .. wid, T .. ':in:' .. wid
unlocked()
if fenced(wid) then
  giveBackInbox(wid)
  return {'FENCED'}
end
local t, out = now(), {'OK', 0, 0}

if #ARGV > 5 then
  local keys, ids, records, later, ended, gone = {}, {}, {}, {}, {}, {}
  for i = 6, #ARGV, 5 do
    keys[#keys + 1] = J .. ARGV[i]
    ids[#ids + 1] = ARGV[i]
  end
  for k, text in ipairs(call('MGET', unpack(keys))) do
    local i = 5 * k + 1
    local id, outcome, note = ids[k], ARGV[i + 2], ARGV[i + 3]
    local state, holder, counts, started, options, payload, past =
      (text or ''):match('^(%a)\t%d+\t([^\t]*)\t(%d+\t%d+\t%d+\t)(%d*)\t([^\n]*)\n([^\n]*)\n[^\n]*\n([^\n]*)$')
    -- A stale end may come from the worker that has the job again: then it stays in its hands.
    if holder == ARGV[i + 1] or state ~= 'a' or holder:sub(1, #wid + 1) ~= wid .. ':' then gone[#gone + 1] = id end
    if holder ~= ARGV[i + 1] then
      out[3] = out[3] + 1
      out[#out + 1] = id
    elseif state == 'a' then
      -- Who asked for its end does not get another attempt instead.
      if outcome == 'r' and call('SISMEMBER', T .. ':cx:' .. wid, id) == 1 then outcome, note = 'c', '' end
      if outcome == 'r' then
        local r = {started = started, past = past}
        passed(r, t, wid, 'failed', note)
        outcome, started, note, past = 'd', '', '', r.past
        later[#later + 1] = t + ARGV[i + 4]
        later[#later + 1] = id
      elseif options ~= '' then
        ended[#ended + 1] = {id, outcome, holder, note, option(options, 'hash')}
      end
      records[#records + 1] = keys[k]
      records[#records + 1] = table.concat({outcome, t, holder, counts .. started, options}, '\t')
        .. '\n' .. payload .. '\n' .. note .. '\n' .. past
      changed(id)
    end
  end
  if #gone > 0 then
    call('SREM', W, unpack(gone))
    call('SREM', T .. ':cx:' .. wid, unpack(gone))
  end
  if #records > 0 then call('MSET', unpack(records)) end
  if #later > 0 then call('ZADD', T .. ':d', unpack(later)) end
  for _, job in ipairs(ended) do
    local id, outcome, holder, note, hash = unpack(job)
    if outcome == 's' and hash and call('GET', T .. ':dd:' .. hash) == id then call('PEXPIRE', T .. ':dd:' .. hash, ARGV[5])
    elseif outcome ~= 's' then release(id, hash) end
    if outcome == 'c' then passOn(id, t) else endFollowers(id, outcome, t, holder, note) end
  end
end

if n > 0 and call('EXISTS', T .. ':paused') == 1 then
  giveBackInbox(wid)
  out[1] = 'PAUSED'
  n = 0
end
local elements = n > 0 and call('LRANGE', IN, 0, n - 1) or {}
local fromInbox = #elements
if n > fromInbox then
  for _, raw in ipairs(call('LRANGE', Q, 0, n - fromInbox - 1)) do elements[#elements + 1] = raw end
end
out[2] = #elements
if #elements > 0 then
  local keys, ids, seen, records, mine, adopted, lost = {}, {}, {}, {}, {}, {}, {}
  for i, raw in ipairs(elements) do
    ids[i] = idOf(raw)
    keys[i] = ids[i] and J .. ids[i] or T .. ':none'
  end
  for i, text in ipairs(call('MGET', unpack(keys))) do
    local id, raw, new = ids[i], elements[i], nil
    if text then
      local attempts, counts, options, payload, past =
        text:match('^q\t%d+\t[^\t]*\t(%d+)(\t%d+\t%d+\t)%d*\t([^\n]*)\n([^\n]*)\n[^\n]*\n([^\n]*)$')
      if attempts and not seen[id] then
        new = 'a\t' .. t .. '\t' .. token .. '\t' .. (attempts + 1) .. counts .. t .. '\t' .. options .. '\n' .. payload .. '\n\n' .. past
      end
    elseif adopts and raw:find('^[%[{"%d%-tf]') then
      -- Made of the token and the place, so that the id is new; the form is that of a UUID (version 8: of one's own making).
      local hex = redis.sha1hex(token .. ':' .. i)
      id = hex:sub(1, 8) .. '-' .. hex:sub(9, 12) .. '-8' .. hex:sub(14, 16) .. '-a' .. hex:sub(18, 20) .. '-' .. hex:sub(21, 32)
      keys[i] = J .. id
      new = table.concat({'a', t, token, 1, 0, t, t, 'foreign=1'}, '\t') .. '\n' .. raw:gsub('[\r\n]', ' ') .. '\n\n'
      adopted[#adopted + 1] = t
      adopted[#adopted + 1] = id
    else
      lost[#lost + 1] = raw
    end
    if new then
      seen[id] = true
      records[#records + 1] = keys[i]
      records[#records + 1] = new
      mine[#mine + 1] = id
      out[#out + 1] = id
      out[#out + 1] = new
      changed(id)
    end
  end
  -- Everything is computed; only now are the elements moved.
  if fromInbox > 0 then call('LPOP', IN, fromInbox) end
  if #elements > fromInbox then call('LPOP', Q, #elements - fromInbox) end
  if #mine > 0 then
    call('MSET', unpack(records))
    call('SADD', W, unpack(mine))
  end
  if #adopted > 0 then call('ZADD', T .. ':all', unpack(adopted)) end
  if #lost > 0 then call('RPUSH', T .. ':lost', unpack(lost)) end
end
tell()
return out
