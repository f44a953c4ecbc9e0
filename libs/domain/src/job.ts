import { type Static, Type } from 'typebox';
import { Link } from './dataset.ts';
import { JobId } from './ids.ts';
import { Problem } from './problem.ts';

export const jobStatuses = ['submitted', 'in progress', 'complete', 'failed', 'cancelled'] as const;
export const JobStatus = Type.Enum([...jobStatuses]);
export type JobStatus = (typeof jobStatuses)[number];
export const isTerminal = (status: JobStatus): boolean => status === 'complete' || status === 'failed' || status === 'cancelled';

/** One attempt of one worker at a job. */
export const Attempt = Type.Object({
  started: Type.String({ format: 'date-time' }),
  ended: Type.Optional(Type.String({ format: 'date-time' })),
  worker: Type.String(),
  outcome: Type.Optional(
    Type.String({
      description: 'complete, failed, cancelled, lost (the worker died and another took the job), left (the worker shut down)',
    }),
  ),
  message: Type.Optional(Type.String({ description: 'reason of the failure' })),
});
export type Attempt = Static<typeof Attempt>;

/** One result of a job. */
export const ResultLink = Type.Object({ href: Type.String(), type: Type.String(), bytes: Type.Integer() });
export type ResultLink = Static<typeof ResultLink>;

/** Statistics of one column of the records that a job used. */
export const ColumnStatistics = Type.Object({
  count: Type.Integer({ description: 'records with a value' }),
  missing: Type.Integer(),
  min: Type.Optional(Type.Union([Type.Number(), Type.String()], { description: 'least number, or earliest time' })),
  max: Type.Optional(Type.Union([Type.Number(), Type.String()], { description: 'greatest number, or latest time' })),
  mean: Type.Optional(Type.Number()),
  standardDeviation: Type.Optional(Type.Number({ description: 'of the sample (n - 1)' })),
  distinct: Type.Optional(Type.Integer({ description: 'number of distinct texts' })),
  mostFrequent: Type.Optional(Type.Object({ value: Type.String(), count: Type.Integer() })),
});
export type ColumnStatistics = Static<typeof ColumnStatistics>;

/** The job that /v1/jobs returns. */
export const Job = Type.Object(
  {
    id: JobId,
    process: Type.String(),
    inputs: Type.Record(Type.String(), Type.Unknown()),
    outputs: Type.Array(Type.String()),
    status: JobStatus,
    progress: Type.Integer({ minimum: 0, maximum: 100 }),
    stage: Type.Union([Type.String(), Type.Null()], { description: 'current stage: queued, read, draw, save' }),
    message: Type.Union([Type.String(), Type.Null()], { description: 'message shown to users: what was chosen, why the job failed' }),
    created: Type.String({ format: 'date-time' }),
    started: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
    finished: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
    attempts: Type.Array(Attempt),
    worker: Type.Union([Type.String(), Type.Null()]),
    dataset: Type.Object({ id: Type.String(), version: Type.String(), digest: Type.String() }),
    cache: Type.Enum(['hit', 'miss']),
    resultOf: Type.Optional(JobId),
    results: Type.Record(Type.String(), ResultLink),
    description: Type.Optional(Type.String({ description: 'the picture in words, for use as alternative text' })),
    notes: Type.Array(Type.String(), { description: 'what the picture reduces or leaves out' }),
    statistics: Type.Optional(
      Type.Record(Type.String(), ColumnStatistics, { description: 'statistics of the records that were drawn, by column' }),
    ),
    asked: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'the members that a client of the course dialect sent' }),
    ),
    problem: Type.Optional(Problem),
    durability: Type.Optional(
      Type.Enum(['memory', 'fsync', 'replicated', 'unconfirmed'], {
        description: 'in the response to a submission: how safely the store had the job when it was accepted',
      }),
    ),
    omitted: Type.Optional(
      Type.Array(Type.String(), {
        description: 'in lists and in the events of all jobs: members left out because they are large; GET /v1/jobs/{id} returns them',
      }),
    ),
    requestId: Type.Optional(Type.String()),
    links: Type.Array(Link),
  },
  { $id: 'Job' },
);
export type Job = Static<typeof Job>;
