import { type Static, Type } from 'typebox';
import { Link } from './dataset.ts';
import { JobId } from './ids.ts';
import { Problem } from './problem.ts';

export const jobStatuses = ['submitted', 'in progress', 'complete', 'failed', 'cancelled'] as const;
export const JobStatus = Type.Enum([...jobStatuses]);
export type JobStatus = (typeof jobStatuses)[number];
export const isTerminal = (status: JobStatus): boolean => status === 'complete' || status === 'failed' || status === 'cancelled';

/** One try at a job by one worker. */
export const Attempt = Type.Object({
  started: Type.String({ format: 'date-time' }),
  ended: Type.Optional(Type.String({ format: 'date-time' })),
  worker: Type.String(),
  outcome: Type.Optional(
    Type.String({
      description: 'complete, failed, cancelled, lost (the worker died and another took the job), left (it stopped in order)',
    }),
  ),
  message: Type.Optional(Type.String({ description: 'why it failed' })),
});
export type Attempt = Static<typeof Attempt>;

/** One result of a job: where it is, what it is. */
export const ResultLink = Type.Object({ href: Type.String(), type: Type.String(), bytes: Type.Integer() });
export type ResultLink = Static<typeof ResultLink>;

/** What is to be said of one column of the records a job drew, in numbers. */
export const ColumnStatistics = Type.Object({
  count: Type.Integer({ description: 'records that have a value' }),
  missing: Type.Integer(),
  min: Type.Optional(Type.Union([Type.Number(), Type.String()], { description: 'least number, or earliest time' })),
  max: Type.Optional(Type.Union([Type.Number(), Type.String()], { description: 'greatest number, or latest time' })),
  mean: Type.Optional(Type.Number()),
  standardDeviation: Type.Optional(Type.Number({ description: 'of the sample (n - 1)' })),
  distinct: Type.Optional(Type.Integer({ description: 'different texts' })),
  mostFrequent: Type.Optional(Type.Object({ value: Type.String(), count: Type.Integer() })),
});
export type ColumnStatistics = Static<typeof ColumnStatistics>;

/** The job record that /v1/jobs answers with (design api.md, section 0). */
export const Job = Type.Object(
  {
    id: JobId,
    process: Type.String(),
    inputs: Type.Record(Type.String(), Type.Unknown()),
    outputs: Type.Array(Type.String()),
    status: JobStatus,
    progress: Type.Integer({ minimum: 0, maximum: 100 }),
    stage: Type.Union([Type.String(), Type.Null()], { description: 'what is being done now: queued, read, draw, save' }),
    message: Type.Union([Type.String(), Type.Null()], { description: 'what a person should know: what was chosen, why it failed' }),
    created: Type.String({ format: 'date-time' }),
    started: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
    finished: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
    attempts: Type.Array(Attempt),
    worker: Type.Union([Type.String(), Type.Null()]),
    dataset: Type.Object({ id: Type.String(), version: Type.String(), digest: Type.String() }),
    cache: Type.Enum(['hit', 'miss']),
    resultOf: Type.Optional(JobId),
    results: Type.Record(Type.String(), ResultLink),
    description: Type.Optional(Type.String({ description: 'the picture in words: alternative text for who cannot see it' })),
    notes: Type.Array(Type.String(), { description: 'what the drawing reduced or left out' }),
    statistics: Type.Optional(Type.Record(Type.String(), ColumnStatistics, { description: 'of the records that were drawn, by column' })),
    asked: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'what a client of the course dialect sent, member for member' }),
    ),
    problem: Type.Optional(Problem),
    durability: Type.Optional(
      Type.Enum(['memory', 'fsync', 'replicated', 'unconfirmed'], {
        description: 'in the answer to a submission: where the job was known to be safe when it was accepted',
      }),
    ),
    omitted: Type.Optional(
      Type.Array(Type.String(), {
        description: 'in lists and in the events of all jobs: members left out because they are large; GET /v1/jobs/{id} has them',
      }),
    ),
    requestId: Type.Optional(Type.String()),
    links: Type.Array(Link),
  },
  { $id: 'Job' },
);
export type Job = Static<typeof Job>;
