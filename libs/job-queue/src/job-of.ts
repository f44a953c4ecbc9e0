import {
  type Attempt,
  type Job,
  type JobStatus,
  type Link,
  matchesSchema,
  type Problem,
  ProblemError,
  type ResultLink,
} from '@almanac/domain';
import { type JobState, type QueueRecord, waitOf, workerOf } from '@almanac/hotqueue';
import type { Static, TSchema } from 'typebox';
import { Payload } from './new-job.ts';
import { Failure, Outcome, poisoned } from './outcome.ts';

/** The status of a job in the API, by its state in the queue. */
export const statusOf: Record<JobState, JobStatus> = {
  queued: 'submitted',
  delayed: 'submitted',
  joined: 'submitted',
  active: 'in progress',
  complete: 'complete',
  failed: 'failed',
  cancelled: 'cancelled',
};

export const statesOf = (status: JobStatus): JobState[] =>
  (Object.keys(statusOf) as JobState[]).filter((state) => state !== 'joined' && statusOf[state] === status);

/**
 * Returns a job as the API shows it. `holder` is the record of the job that it follows, if it joined another. `payload` is the record's own,
 * if the caller has it already.
 */
export function jobOf(record: QueueRecord, holder: QueueRecord = record, payload: Payload = payloadIn(record)): Job {
  const { state, note } = holder;
  const outcome = state === 'complete' ? parsed(Outcome, note) : undefined;
  const failure = state === 'failed' ? failureIn(holder) : undefined;
  const { progress, stage } = progressOf(holder, failure);
  const isEnded = state === 'complete' || state === 'failed' || state === 'cancelled';
  return {
    id: record.id,
    process: payload.process,
    inputs: payload.inputs,
    outputs: payload.outputs,
    status: statusOf[state],
    progress,
    stage,
    message: failure?.problem.detail ?? outcome?.message ?? whyWaiting(holder) ?? payload.message ?? null,
    created: time(record.created),
    started: holder.started === undefined ? null : time(Math.max(holder.started, record.created)),
    finished: isEnded ? time(Math.max(holder.changed, record.created)) : null,
    attempts: record.of === undefined ? attemptsOf(record, failure) : [],
    worker: holder.token === '' || holder.started === undefined ? null : workerOf(holder.token),
    dataset: payload.dataset,
    cache: record.of === undefined ? 'miss' : 'hit',
    ...(record.of === undefined ? {} : { resultOf: record.of }),
    results: outcome === undefined ? {} : linksTo(record.id, outcome),
    ...(outcome?.description === undefined ? {} : { description: outcome.description }),
    notes: outcome?.notes ?? [],
    ...(outcome?.statistics === undefined ? {} : { statistics: outcome.statistics }),
    ...(payload.asked === undefined ? {} : { asked: payload.asked }),
    ...(failure === undefined ? {} : { problem: failure.problem }),
    ...(payload.requestId === undefined ? {} : { requestId: payload.requestId }),
    links: linksOf(record.id),
  };
}

/** Returns the payload of a record. Throws if it matches no schema of this version. */
export function payloadIn(record: QueueRecord): Payload {
  const payload = parsed(Payload, record.payload);
  if (payload === undefined) throw new Error(`the payload of job ${record.id} matches no schema of this version`);
  return payload;
}

function progressOf({ state, note }: QueueRecord, failure: Failure | undefined): { progress: number; stage: string | null } {
  if (state === 'complete') return { progress: 100, stage: null };
  if (state === 'failed' || state === 'cancelled') return { progress: failure?.progress ?? 0, stage: null };
  if (state === 'delayed') return { progress: 0, stage: 'waiting to be tried again' };
  if (state !== 'active') return { progress: 0, stage: 'queued' };
  const [, percent, stage] = /^(\d+) (.*)$/.exec(note) ?? [];
  return { progress: Number(percent ?? 0), stage: stage ?? 'started' };
}

/** Why a postponed job waits. */
const whyWaiting = (record: QueueRecord): string | undefined =>
  record.state === 'delayed' || record.state === 'queued' ? waitOf(record)?.reason : undefined;

function failureIn({ note }: QueueRecord): Failure {
  const poison = /^poison (\d+)$/.exec(note);
  if (poison !== null) return { problem: poisoned(Number(poison[1])).body(), progress: 0 };
  const failure = parsed(Failure, note);
  if (failure !== undefined) return failure;
  return { problem: new ProblemError('job-failed', `The job failed: ${note.slice(0, 500)}`).body() as Problem, progress: 0 };
}

/** The attempts that did not end the job, and the present or last one, which is in the record itself. */
function attemptsOf({ past, state, token, started, changed }: QueueRecord, failure: Failure | undefined): Attempt[] {
  const ended = past.map(({ reason, ...attempt }) => ({
    ...attempt,
    started: time(attempt.started),
    ended: time(attempt.ended),
    ...(reason === undefined ? {} : { message: reason }),
  }));
  if (token === '' || started === undefined) return ended;
  const last = { started: time(started), worker: workerOf(token) };
  if (state === 'active') return [...ended, last];
  const why = failure === undefined ? {} : { message: failure.problem.detail };
  return [...ended, { ...last, ended: time(changed), outcome: statusOf[state], ...why }];
}

const linksTo = (id: string, { results }: Outcome): Record<string, ResultLink> =>
  Object.fromEntries(
    Object.entries(results).map(([name, { type, bytes }]) => [
      name,
      { href: `/v1/jobs/${id}/results/${encodeURIComponent(name)}`, type, bytes },
    ]),
  );

const linksOf = (id: string): Link[] => [
  { rel: 'self', href: `/v1/jobs/${id}` },
  { rel: 'results', href: `/v1/jobs/${id}/results` },
];

const time = (ms: number): string => new Date(ms).toISOString();

function parsed<T extends TSchema>(schema: T, text: string): Static<T> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return matchesSchema(schema, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
