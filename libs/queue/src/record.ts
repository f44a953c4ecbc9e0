const states = { q: 'queued', d: 'delayed', a: 'active', s: 'complete', f: 'failed', c: 'cancelled', j: 'joined' } as const;
export type StateLetter = keyof typeof states;
export type JobState = (typeof states)[StateLetter];

/** An attempt that did not end its job: its worker died ('lost') or stopped ('left'), or the attempt failed and is retried ('failed'). */
export interface PastAttempt {
  started: number;
  ended: number;
  worker: string;
  outcome: string;
  /** why, if known */
  reason?: string;
}

/** A job as it is stored. Times are milliseconds since 1970 by the server's clock. */
export interface QueueRecord {
  id: string;
  state: JobState;
  /** when the state or the note last changed */
  changed: number;
  /** `<worker>:<seq>`, for a lease `<worker>:<secret>`, of the worker that holds the job or ended it; '' while it waits */
  token: string;
  attempts: number;
  crashes: number;
  created: number;
  /** when the present or last attempt began */
  started: number | undefined;
  /** the content hash it was put with */
  hash: string | undefined;
  /** the job that this one follows: it gets the same outcome */
  of: string | undefined;
  /** the payload was put in the list without a record */
  isForeign: boolean;
  payload: string;
  /**
   * while active `<percent> <stage>`; once ended the note of the worker, or 'poison <crashes>' if too many workers died over it;
   * 'waits <since> <why>' from when the job was postponed until its next attempt writes progress
   */
  note: string;
  past: PastAttempt[];
}

/** The letter of a state in a record. */
export const letterOf = (state: JobState): StateLetter =>
  (Object.keys(states) as StateLetter[]).find((letter) => states[letter] === state) as StateLetter;

export const stateOf = (letter: string): JobState | undefined => states[letter as StateLetter];

/** Reads a record: eight fields in a line, then payload, note and past attempts, one line each. Throws if the text is no record. */
export function parseRecord(id: string, text: string): QueueRecord {
  const lines = text.split('\n');
  const [state, changed, token, attempts, crashes, created, started, options] = (lines[0] as string).split('\t');
  const known = stateOf(state ?? '');
  if (known === undefined || options === undefined || lines.length !== 4) throw new Error(`the record of job ${id} cannot be read`);
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
        const [started, ended, worker, outcome, ...reason] = entry.split(',') as [string, string, string, string, ...string[]];
        const attempt = { started: Number(started), ended: Number(ended), worker, outcome };
        return reason.length === 0 ? attempt : { ...attempt, reason: reason.join(',') };
      });

/** Returns a text as a note, which must be one line. */
export const noteOf = (text: string): string => text.replaceAll('\n', ' ');

/** Returns a text as the reason of a past attempt: one short line. */
export const reasonOf = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300);

/** The note of a postponed job: why it waits, and since when (milliseconds since 1970, the server's clock). */
export const waitNote = (since: number, reason: string): string => `waits ${since} ${reasonOf(reason)}`;

/** Why and since when a job waits; undefined unless it was postponed since its last attempt wrote progress. */
export function waitOf({ note }: Pick<QueueRecord, 'note'>): { since: number; reason: string } | undefined {
  const [, since, reason] = /^waits (\d+) (.*)$/.exec(note) ?? [];
  return reason === undefined ? undefined : { since: Number(since), reason };
}

/** Progress as the arguments of the progress script. */
export const progressArgs = (percent: number, stage: string): [percent: number, stage: string] => [
  Math.max(0, Math.min(100, Math.floor(percent))),
  noteOf(stage),
];

/** The worker id in a token. */
export const workerOf = (token: string): string => token.slice(0, token.lastIndexOf(':'));
