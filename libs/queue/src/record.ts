const states = { q: 'queued', d: 'delayed', a: 'active', s: 'complete', f: 'failed', c: 'cancelled', j: 'joined' } as const;
export type StateLetter = keyof typeof states;
export type JobState = (typeof states)[StateLetter];

/** An attempt that did not end its job: its worker died ('lost') or stopped in order ('left'), or it is tried again ('failed'). */
export interface PastAttempt {
  started: number;
  ended: number;
  worker: string;
  outcome: string;
  /** why, where it was said */
  said?: string;
}

/** A job as its record says. Times are milliseconds since 1970 by the server's clock. */
export interface QueueRecord {
  id: string;
  state: JobState;
  /** when the state or the note last changed */
  changed: number;
  /** `<worker>:<seq>`, for a lease `<worker>:<secret>`, of who holds the job or ended it; '' while it waits */
  token: string;
  attempts: number;
  crashes: number;
  created: number;
  /** when the present or last attempt began */
  started: number | undefined;
  /** the content hash it was put with */
  hash: string | undefined;
  /** the job whose outcome is this one's too */
  of: string | undefined;
  /** somebody put the payload in the list without a record */
  isForeign: boolean;
  payload: string;
  /**
   * while active `<percent> <stage>`; when ended what the worker said; 'poison <crashes>' when too many workers died over it;
   * 'waits <since> <why>' from when the job gave its place back until its next attempt writes progress
   */
  note: string;
  past: PastAttempt[];
}

/** The letter a state has in a record. */
export const letterOf = (state: JobState): StateLetter =>
  (Object.keys(states) as StateLetter[]).find((letter) => states[letter] === state) as StateLetter;

export const stateOf = (letter: string): JobState | undefined => states[letter as StateLetter];

/** Reads a record's text: eight fields in a line, then payload, note and past attempts, a line each. Throws where it is none. */
export function parseRecord(id: string, text: string): QueueRecord {
  const lines = text.split('\n');
  const [state, changed, token, attempts, crashes, created, started, options] = (lines[0] as string).split('\t');
  const known = stateOf(state ?? '');
  if (known === undefined || options === undefined || lines.length !== 4) throw new Error(`the record of job ${id} is not readable`);
  return {
    id,
    state: known,
    changed: Number(changed),
    token: token as string,
    attempts: Number(attempts),
    crashes: Number(crashes),
    created: Number(created),
    started: started === '' ? undefined : Number(started),
    hash: /(?:^| )hash=(\S+)/.exec(options)?.[1],
    of: /(?:^| )of=(\S+)/.exec(options)?.[1],
    isForeign: options === 'foreign=1',
    payload: lines[1] as string,
    note: lines[2] as string,
    past: parsePast(lines[3] as string),
  };
}

const parsePast = (line: string): PastAttempt[] =>
  line === ''
    ? []
    : line.split('\t').map((entry) => {
        const [started, ended, worker, outcome, ...said] = entry.split(',') as [string, string, string, string, ...string[]];
        const attempt = { started: Number(started), ended: Number(ended), worker, outcome };
        return said.length === 0 ? attempt : { ...attempt, said: said.join(',') };
      });

/** A text as the note of a record, which is one line of it. */
export const noteOf = (text: string): string => text.replaceAll('\n', ' ');

/** Why an attempt did not end its job, as it is kept with the attempt: a short line. */
export const saidOf = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300);

/** Why a job gave its place back, and since when it waits (milliseconds since 1970, the server's clock), as its record notes it. */
export const waitNote = (since: number, said: string): string => `waits ${since} ${saidOf(said)}`;

/** The wait that a record tells of; undefined for a job that has not given its place back since its last attempt wrote progress. */
export function waitOf({ note }: Pick<QueueRecord, 'note'>): { since: number; said: string } | undefined {
  const [, since, said] = /^waits (\d+) (.*)$/.exec(note) ?? [];
  return said === undefined ? undefined : { since: Number(since), said };
}

/** How far a job is, as the progress script takes it. */
export const progressWords = (percent: number, stage: string): [percent: number, stage: string] => [
  Math.max(0, Math.min(100, Math.floor(percent))),
  noteOf(stage),
];

/** Who holds a job, by its token. */
export const workerOf = (token: string): string => token.slice(0, token.lastIndexOf(':'));
