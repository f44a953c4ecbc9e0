-- Accepts jobs: their records, index entries and list elements appear together or not at all.
-- The same id again changes nothing. If an open or complete job has the same content hash, the new job joins it and is not put in the list:
-- the outcome of a complete job is copied, an open job is followed.
-- The first write can grow memory, on purpose: if memory is full (OOM) this script alone is refused, before any change. If the key of the list
-- holds another type, the script fails and changes nothing.
-- KEYS: list, prefix
-- ARGV: 'urgent' (to the head of the list) or '', then for each job: id, milliseconds of delay, content hash or '', payload (no newline)
-- Returns: {time} if all are new | {time, 'new' | 'known' | 'joined', record or '' if new, ...}
local t, into = now(), ARGV[1] == 'urgent' and 'LPUSH' or 'RPUSH'
local head = '\t' .. t .. '\t\t0\t0\t' .. t .. '\t\t'

-- A single job is written as if it were new, as nearly all are. The first write fails if it is not, or if memory is full.
if #ARGV == 5 and ARGV[3] == '0' then
  local id, hash = ARGV[2], ARGV[4]
  local key, claim = J .. id, hash ~= '' and T .. ':dd:' .. hash
  local text = 'q' .. head .. (claim and 'hash=' .. hash or '') .. '\n' .. ARGV[5] .. '\n\n'
  local wrote = redis.pcall('SET', claim or key, claim and id or text, 'NX')
  if wrote and wrote.ok and claim then
    wrote = call('SET', key, text, 'NX')
    if not wrote then call('DEL', claim) end
  end
  if wrote and wrote.ok then
    local pushed = redis.pcall(into, Q, '"' .. id .. '"')
    if type(pushed) == 'table' then
      call('DEL', key, claim or key)
      return pushed
    end
    call('ZADD', T .. ':all', t, id)
    call('PUBLISH', T .. ':ev', id)
    return {t}
  end
end

local keys = {}
for i = 2, #ARGV, 4 do keys[(i + 2) / 4] = J .. ARGV[i] end
local have = call('EXISTS', unpack(keys)) > 0 and call('MGET', unpack(keys)) or {}

local ARGV, records, index, ready, fresh, last, accepted = ARGV, {}, {}, {}, {}, 0, 0
local delayed, follow, claims, out
for k, key in ipairs(keys) do
  local i = 4 * k - 2
  local id, delay, hash, payload = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local what, text = 'new', have[k] or fresh[id]
  if text then what = 'known'
  else
    local holder = hash ~= '' and (claims and claims[hash] or call('GET', T .. ':dd:' .. hash))
    local held = holder and more().parse(fresh[holder] or call('GET', J .. holder) or '')
    if held and held.state:find('[qdas]') then
      local isOpen = held.state ~= 's'
      what = 'joined'
      text = more().format({
        state = isOpen and 'j' or 's', changed = t, token = isOpen and '' or held.token, attempts = 0, crashes = 0, created = t,
        started = '', options = 'of=' .. holder .. ' hash=' .. hash, payload = payload, note = isOpen and '' or held.note, past = '',
      })
      if isOpen then
        follow = follow or {}
        follow[#follow + 1] = {holder, id}
      end
    else
      text = (delay == '0' and 'q' or 'd') .. head .. (hash == '' and '' or 'hash=' .. hash) .. '\n' .. payload .. '\n\n'
      if delay == '0' then ready[#ready + 1] = '"' .. id .. '"'
      else
        delayed = delayed or {}
        delayed[#delayed + 1] = t + delay
        delayed[#delayed + 1] = id
      end
    end
    if what == 'new' and hash ~= '' then
      claims = claims or {}
      claims[hash] = id
      records[last + 1], records[last + 2] = T .. ':dd:' .. hash, id
      last = last + 2
    end
    records[last + 1], records[last + 2] = key, text
    last = last + 2
    accepted = accepted + 1
    index[2 * accepted - 1], index[2 * accepted] = t, id
    changes[accepted] = id
    fresh[id] = text
  end
  if what ~= 'new' and not out then
    out = {t}
    for _ = 2, k do
      out[#out + 1] = 'new'
      out[#out + 1] = ''
    end
  end
  if out then
    out[#out + 1] = what
    out[#out + 1] = what == 'new' and '' or text
  end
end

if accepted > 0 then
  if #ready > 0 then call(into, Q, unpack(ready)) end
  call('MSET', unpack(records))
  call('ZADD', T .. ':all', unpack(index))
  if delayed then call('ZADD', T .. ':d', unpack(delayed)) end
  for _, pair in ipairs(follow or {}) do call('SADD', T .. ':of:' .. pair[1], pair[2]) end
  tell()
else
  -- All are known. A following WAIT must cover them, though this connection may not have written them.
  unlocked()
  call('SET', T .. ':touched', '', 'PX', 1)
end
return out or {t}
