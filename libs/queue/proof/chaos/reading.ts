import type { Redis } from 'ioredis';
import { queueKeys } from '../../src/keys.ts';
import { parseRecord, type QueueRecord, workerOf } from '../../src/record.ts';

/** Everything a queue keeps, as it was at one instant. */
export interface Reading {
  /** by the index of all ids; undefined where there is no record */
  records: Map<string, QueueRecord | undefined>;
  /** what lies in the list, quotes taken off */
  list: string[];
  delayed: string[];
  /** by worker: what was moved for it, what it holds, what of that somebody cancelled, its last beat */
  inboxes: Map<string, string[]>;
  held: Map<string, string[]>;
  wishes: Map<string, string[]>;
  beats: Map<string, string>;
  /** by the job they follow */
  followers: Map<string, string[]>;
  /** by content hash: who answers for it */
  holders: Map<string, string>;
  lost: number;
}

const script = `
local T, call = KEYS[2], redis.call
local function each(kind, read)
  local found = {}
  for _, key in ipairs(call('KEYS', T:gsub('[{}]', '?') .. ':' .. kind .. ':*')) do
    found[#found + 1] = {key:sub(#T + #kind + 3), read(key)}
  end
  return found
end
local function list(key) return call('LRANGE', key, 0, -1) end
-- Sorted, so that two readings of the same are equal.
local function set(key)
  local all = call('SMEMBERS', key)
  table.sort(all)
  return all
end
local records = {}
for _, id in ipairs(call('ZRANGE', T .. ':all', 0, -1)) do records[#records + 1] = {id, call('GET', T .. ':j:' .. id) or ''} end
return cjson.encode({
  records = records, list = list(KEYS[1]), delayed = call('ZRANGE', T .. ':d', 0, -1), inboxes = each('in', list), held = each('w', set),
  wishes = each('cx', set), beats = call('HGETALL', T .. ':wk'), followers = each('of', set),
  holders = each('dd', function(key) return call('GET', key) end), lost = call('LLEN', T .. ':lost'),
})`;

type Pairs<T> = [string, T][];
interface Raw {
  records: Pairs<string>;
  list: string[];
  delayed: string[];
  inboxes: Pairs<string[]>;
  held: Pairs<string[]>;
  wishes: Pairs<string[]>;
  beats: string[];
  followers: Pairs<string[]>;
  holders: Pairs<string>;
  lost: number;
}

/** Reads all of a queue in one step. For queues of some thousand jobs: the store does nothing else meanwhile. */
export async function takeReading(redis: Redis, queue: string): Promise<Reading> {
  const { list, tag } = queueKeys(queue);
  const raw = JSON.parse((await redis.eval(script, 2, list, tag)) as string) as Raw;
  // An empty table of Lua is an object in JSON.
  const pairs = <T>(value: Pairs<T>) => new Map(Array.isArray(value) ? value : []);
  const lists = (value: Pairs<string[]>) => new Map([...pairs(value)].map(([key, all]) => [key, ids(all)]));
  const ids = (value: string[]) => (Array.isArray(value) ? value.map((id) => id.replace(/^"(.*)"$/, '$1')) : []);
  const beats = ids(raw.beats);
  return {
    records: new Map([...pairs(raw.records)].map(([id, text]) => [id, text === '' ? undefined : parseRecord(id, text)])),
    list: ids(raw.list),
    delayed: ids(raw.delayed),
    inboxes: lists(raw.inboxes),
    held: lists(raw.held),
    wishes: lists(raw.wishes),
    beats: new Map(beats.flatMap((worker, i) => (i % 2 === 0 ? [[worker, beats[i + 1] as string]] : []))),
    followers: lists(raw.followers),
    holders: pairs(raw.holders),
    lost: raw.lost,
  };
}

export const isEnded = (record: QueueRecord): boolean => ['complete', 'failed', 'cancelled'].includes(record.state);

/**
 * What is wrong with a queue at an instant, whatever goes on: each open job is in exactly one place, and that the right one, each ended
 * one in none (I2, I4); every id has a record and is in the index (I3, I13); equal content is open once (I11).
 */
export function faultsOf(reading: Reading): string[] {
  const places = placesOf(reading);
  const faults: string[] = [];
  for (const [id, record] of reading.records) {
    const at = places.get(id) ?? [];
    places.delete(id);
    if (record === undefined) faults.push(`I3 ${id} is in the index without a record`);
    else if (!isRight(reading, record, at))
      faults.push(`${invariantOf(record, at)} ${id} is ${record.state} (${record.token}) and lies in [${at.join(', ')}]`);
  }
  for (const [id, at] of places) faults.push(`I13 ${id} lies in ${at.join(', ')} and is not in the index`);
  return [...faults, ...contentFaults(reading)];
}

/** In none or too many places, or in one that is not its holder's. */
const invariantOf = ({ state }: QueueRecord, [place, ...more]: readonly string[]): 'I2' | 'I4' =>
  place !== undefined && more.length === 0 && (state === 'active' || place.startsWith('held ')) ? 'I4' : 'I2';

function placesOf({ list, delayed, inboxes, held, followers }: Reading): Map<string, string[]> {
  const places = new Map<string, string[]>();
  const put = (id: string, place: string) => places.set(id, [...(places.get(id) ?? []), place]);
  for (const id of list) put(id, 'list');
  for (const id of delayed) put(id, 'delayed');
  for (const [worker, ids] of inboxes) for (const id of ids) put(id, `inbox ${worker}`);
  for (const [worker, ids] of held) for (const id of ids) put(id, `held ${worker}`);
  for (const [holder, ids] of followers) for (const id of ids) put(id, `follows ${holder}`);
  return places;
}

function isRight({ records, beats }: Reading, { state, token, of }: QueueRecord, at: readonly string[]): boolean {
  const [place = '', ...more] = at;
  // A job cancelled between BLMOVE and the cycle behind it stays in the inbox, or in the list when that is given back, until it is dropped.
  if (isEnded({ state } as QueueRecord))
    return more.length === 0 && (place === '' || (state === 'cancelled' && (place === 'list' || place.startsWith('inbox '))));
  if (more.length > 0) return false;
  if (state === 'queued') return place === 'list' || place.startsWith('inbox ');
  if (state === 'delayed') return place === 'delayed';
  if (state === 'active') return place === `held ${workerOf(token)}` && beats.has(workerOf(token)) && beats.get(workerOf(token)) !== 'x';
  const holder = records.get(of ?? '');
  return place === `follows ${of}` && holder !== undefined && ['queued', 'delayed', 'active'].includes(holder.state);
}

function contentFaults({ records, holders }: Reading): string[] {
  const faults: string[] = [];
  for (const record of records.values()) {
    if (record?.hash === undefined || !['queued', 'delayed', 'active'].includes(record.state)) continue;
    const holder = holders.get(record.hash);
    if (holder !== record.id) faults.push(`I11 ${record.id} is open with ${record.hash}, and that is held by ${holder}`);
  }
  return faults;
}
