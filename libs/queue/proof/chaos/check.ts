import type { QueueRecord } from '../../src/record.ts';
import type { Event } from './history.ts';
import { faultsOf, isEnded, type Reading } from './reading.ts';

/** What the history of a run does not promise because of what was done to it. */
export interface Allowances {
  /** the store forgot its last writes: jobs accepted then may be gone, and attempts may be begun again under no crash of a worker's */
  forgets?: boolean;
  /** all normal jobs of a producer were worked by one worker that nothing happened to: they must have begun in order */
  isOrdered?: boolean;
}

export interface Verdict {
  violations: string[];
  /** jobs that producers asked for; accepted is what they were told of */
  offered: number;
  accepted: number;
  /** jobs that have ended */
  done: number;
  /** accepted, and without a record at the end: when they were accepted */
  lost: { id: string; at: number }[];
  /** handlers that began */
  started: number;
  /** of these, how many were not their job's first */
  again: number;
  /** attempts that ended with their worker's death */
  crashes: number;
}

/** What is known of one job from those who saw it. */
interface Life {
  id: string;
  offered?: Extract<Event, { what: 'offered' }>;
  accepted?: Extract<Event, { what: 'accepted' }>;
  starts: Extract<Event, { what: 'started' }>[];
  /** `<token> <outcome>` of what handlers were through with, and of what the queue confirmed */
  ended: Set<string>;
  confirmed: Set<string>;
  cancels: Extract<Event, { what: 'cancelled' }>[];
}

type Judge = (life: Life, record: QueueRecord) => string | undefined;
const count = (record: QueueRecord, outcome: string) => record.past.filter((attempt) => attempt.outcome === outcome).length;
const endOf = (record: QueueRecord) => `${record.token} ${{ complete: 's', failed: 'f', cancelled: 'c' }[record.state as string]}`;
/** By an attempt of its own, not by following another, by being cancelled while it waited, or by losing its workers. */
const isEndedByAttempt = (record: QueueRecord) => record.started !== undefined && record.token !== '' && record.of === undefined;

/** The invariants that one job's life and its last record tell. Each answers what is wrong, or nothing. */
const judges: readonly Judge[] = [
  (_, record) => (isEnded(record) ? undefined : `I1 is ${record.state} at the end`),
  ({ ended }, record) => {
    if (!isEndedByAttempt(record) || ended.has(endOf(record))) return undefined;
    // A wish to cancel that met a failure: the attempt was to be tried again, and is not.
    if (record.state === 'cancelled' && ended.has(`${record.token} r`)) return undefined;
    return `I5 ended as '${endOf(record)}', which no handler said`;
  },
  ({ confirmed }, record) => {
    const ends = [...confirmed].filter((end) => !end.endsWith(' r'));
    if (ends.length > 1) return `I5 was ended ${ends.length} times: ${ends.join(', ')}`;
    return ends.length === 1 && ends[0] !== endOf(record) ? `I5 was confirmed as '${ends[0]}' and is '${endOf(record)}'` : undefined;
  },
  ({ starts }) => (new Set(starts.map(({ token }) => token)).size < starts.length ? 'I6 began twice under one token' : undefined),
  ({ starts }, { past }) =>
    starts.length > past.length + 1
      ? `I6 began ${starts.length} times, and its record tells of ${past.length} attempts before the last`
      : undefined,
  (_, record) =>
    record.crashes === count(record, 'lost') ? undefined : `I6 counts ${record.crashes} crashes and tells ${count(record, 'lost')}`,
  ({ offered, starts }, { created }) => {
    const early = starts.find(({ started }) => started < created + (offered?.delayMs ?? 0));
    return early === undefined ? undefined : `I8 began ${created + (offered?.delayMs ?? 0) - early.started} ms before it was due`;
  },
  ({ cancels, starts }) => {
    const asked = cancels[0];
    const late = asked && ['cancelled', 'active'].includes(asked.state) && starts.find(({ started }) => started > asked.server);
    return late ? `I9 began ${late.started - asked.server} ms after the answer '${asked.state}' to a request to cancel it` : undefined;
  },
];

/** Judges a run: what was written down by those who took part, and what the queue keeps when all is quiet. */
export async function check(events: AsyncIterable<Event> | Iterable<Event>, last: Reading, allows: Allowances = {}): Promise<Verdict> {
  const lives = new Map<string, Life>();
  const pauses: Extract<Event, { what: 'paused' }>[] = [];
  for await (const event of events) {
    if (event.what === 'paused') pauses.push(event);
    else if (event.what !== 'fault') note(lives, event);
  }
  const violations = [...faultsOf(last), ...leftovers(last), ...duringPauses(lives, pauses)];
  if (allows.isOrdered) violations.push(...outOfOrder(lives));
  const verdict: Verdict = { violations, offered: 0, accepted: 0, done: 0, lost: [], started: 0, again: 0, crashes: 0 };
  for (const life of lives.values()) {
    const record = last.records.get(life.id);
    verdict.started += life.starts.length;
    verdict.again += Math.max(0, life.starts.length - 1);
    if (life.offered !== undefined) verdict.offered++;
    if (life.accepted !== undefined) verdict.accepted++;
    if (record !== undefined) {
      if (isEnded(record)) verdict.done++;
      verdict.crashes += record.crashes;
      violations.push(...wrongs(life, record, last, allows).map((wrong) => `${life.id}: ${wrong}`));
    } else if (life.accepted !== undefined) {
      verdict.lost.push({ id: life.id, at: life.accepted.at });
      if (!allows.forgets) violations.push(`${life.id}: I1 was accepted and is gone`);
    }
  }
  return verdict;
}

function note(lives: Map<string, Life>, event: Exclude<Event, { what: 'paused' | 'fault' }>): void {
  let life = lives.get(event.id);
  if (life === undefined) {
    life = { id: event.id, starts: [], ended: new Set(), confirmed: new Set(), cancels: [] };
    lives.set(event.id, life);
  }
  if (event.what === 'offered') life.offered = event;
  else if (event.what === 'accepted') life.accepted ??= event;
  else if (event.what === 'started') life.starts.push(event);
  else if (event.what === 'cancelled') life.cancels.push(event);
  else life[event.what].add(`${event.token} ${event.outcome}`);
}

function wrongs(life: Life, record: QueueRecord, { records }: Reading, { forgets = false }: Allowances): string[] {
  const found = judges.map((judge) => judge(life, record)).filter((wrong) => wrong !== undefined);
  const holder = record.of === undefined ? undefined : records.get(record.of);
  if (holder !== undefined && record.state !== 'cancelled' && holder.note !== record.note)
    found.push(`I11 does not say what ${record.of} says`);
  // A store that forgot an attempt knows neither its start nor its end, and may have been given the job anew.
  return forgets ? found.filter((wrong) => !/^I[5689] /.test(wrong)) : found;
}

const sizeOf = (all: Map<string, string[]>) => [...all.values()].flat().length;

function leftovers({ list, delayed, inboxes, held, wishes, followers, lost }: Reading): string[] {
  const left = {
    list: list.length,
    delayed: delayed.length,
    inboxes: sizeOf(inboxes),
    held: sizeOf(held),
    wishes: sizeOf(wishes),
    followers: sizeOf(followers),
    lost,
  };
  return Object.entries(left).flatMap(([what, size]) => (size > 0 ? [`I14 ${size} left in ${what}`] : []));
}

/** Between the answer to pause and the request to resume nobody starts anything, by the store's own clock. */
function duringPauses(lives: Map<string, Life>, pauses: readonly Extract<Event, { what: 'paused' }>[]): string[] {
  const starts = [...lives.values()].flatMap((life) => life.starts);
  return pauses.flatMap(({ from, to }) =>
    starts.filter(({ started }) => started > from && started < to).map(({ id }) => `${id}: I10 began while the queue was paused`),
  );
}

function outOfOrder(lives: Map<string, Life>): string[] {
  const last = new Map<string, number>();
  const wrong: string[] = [];
  // The history of a life begins with its offer, and lives are kept in that order.
  for (const { id, offered, starts } of lives.values()) {
    if (offered === undefined || offered.delayMs > 0 || offered.isUrgent || offered.hash !== '' || starts[0] === undefined) continue;
    if (starts[0].at < (last.get(offered.producer) ?? 0)) wrong.push(`${id}: I7 began before one that was put earlier`);
    last.set(offered.producer, starts[0].at);
  }
  return wrong;
}
