import { Job, jobLimits, ProblemError } from '@almanac/domain';
import { OPTIONAL_BODY, problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { findExternalJob, leaseLost } from '../../external/external-job.ts';
import { NoQuery, takeWorkerToken, tokenOf, WorkerTokenHeader } from '../../external/worker-token.ts';
import { findJob } from '../../job-lookup.ts';
import { JobParams } from './get-job.ts';

const Percent = Type.Number({ minimum: 0, maximum: 100, description: 'how far it is' });

/** What a worker of any language says about the job it holds, each word under the token it was given. */
export const workJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, registry, leases, results }) => {
  app.patch(
    '/v1/jobs/:id/progress',
    {
      bodyLimit: jobLimits.wordBytes.value,
      preValidation: takeWorkerToken,
      schema: {
        tags: ['jobs'],
        operationId: 'tellProgress',
        summary: 'Tell how far a job is, and that its worker lives',
        description:
          'A cancelled job answers 409: stop.\n\n```\ncurl -X PATCH --json \'{"progress":40,"stage":"draw"}\' -H "Worker-Token: $TOKEN" http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/progress\n```',
        params: JobParams,
        headers: WorkerTokenHeader,
        querystring: NoQuery,
        body: Type.Object(
          { progress: Type.Optional(Percent), stage: Type.Optional(Type.String({ maxLength: 100 })) },
          { additionalProperties: false },
        ),
        response: { 200: ref('Job', Job), default: problemResponse },
      },
    },
    async (request) => {
      const { job, process } = await findExternalJob(jobs, registry, request.params.id);
      const { progress = job.progress, stage = job.stage ?? '' } = request.body;
      const heard = await leases.progress(process.queue, job.id, tokenOf(request), progress, stage);
      if (heard === 'stale') throw leaseLost(job.id);
      if (heard === 'cancelled') {
        await leases.giveUp(process.queue, job.id, tokenOf(request));
        throw new ProblemError('conflict', `Job ${job.id} was cancelled; stop working on it.`);
      }
      return findJob(jobs, job.id);
    },
  );

  app.post(
    '/v1/jobs/:id/finish',
    {
      bodyLimit: jobLimits.wordBytes.value,
      // Nothing needs to be said beside that it is done.
      preValidation: [
        takeWorkerToken,
        async (request) => {
          request.body ??= {};
        },
      ],
      schema: {
        tags: ['jobs'],
        operationId: 'finishJob',
        ...OPTIONAL_BODY,
        summary: 'Say that a job is done; its results were stored before',
        description:
          '```\ncurl -X POST --json \'{"message":"12 falls"}\' -H "Worker-Token: $TOKEN" http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/finish\n```',
        params: JobParams,
        headers: WorkerTokenHeader,
        querystring: NoQuery,
        body: Type.Object(
          {
            message: Type.Optional(Type.String({ maxLength: 2000, description: 'what a person should know' })),
            description: Type.Optional(Type.String({ maxLength: 2000, description: 'the picture in words' })),
            notes: Type.Optional(Type.Array(Type.String({ maxLength: 500 }), { maxItems: 20 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: ref('Job', Job), default: problemResponse },
      },
    },
    async (request) => {
      const { job, process } = await findExternalJob(jobs, registry, request.params.id);
      const token = tokenOf(request);
      const { notes = [], ...said } = request.body;
      const made = await Promise.all(process.Outputs.map(async (name) => [name, await results.size(job.id, token, name)] as const));
      const stored = made.flatMap(([name, bytes]) =>
        bytes === undefined ? [] : [[name, { type: process.mediaTypes[name] as string, bytes }]],
      );
      const missing = job.outputs.filter((name) => !stored.some(([has]) => has === name));
      if (missing.length > 0 && (await leases.isHeld(process.queue, job.id, token))) {
        throw new ProblemError(
          'conflict',
          `Job ${job.id} has no result ${missing.join(', ')} yet: PUT /v1/jobs/${job.id}/results/${missing[0]} stores it.`,
        );
      }
      if (!(await leases.complete(process.queue, job.id, token, { ...said, notes, results: Object.fromEntries(stored) })))
        throw leaseLost(job.id);
      return findJob(jobs, job.id);
    },
  );

  app.post(
    '/v1/jobs/:id/fail',
    {
      bodyLimit: jobLimits.wordBytes.value,
      preValidation: takeWorkerToken,
      schema: {
        tags: ['jobs'],
        operationId: 'failJob',
        summary: 'Say that a job failed, for good or to be tried again',
        description:
          '```\ncurl -X POST --json \'{"message":"no records left"}\' -H "Worker-Token: $TOKEN" http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/fail\n```',
        params: JobParams,
        headers: WorkerTokenHeader,
        querystring: NoQuery,
        body: Type.Object(
          {
            message: Type.String({ minLength: 1, maxLength: 2000, description: 'why, for a person' }),
            retry: Type.Optional(Type.Boolean({ default: false, description: 'another attempt may succeed' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: ref('Job', Job), default: problemResponse },
      },
    },
    async (request) => {
      const { job, process } = await findExternalJob(jobs, registry, request.params.id);
      const { message, retry } = request.body;
      const failure = { problem: new ProblemError('job-failed', message).body(), progress: job.progress };
      const attempt = retry ? job.attempts.length : undefined;
      if (!(await leases.fail(process.queue, job.id, tokenOf(request), failure, attempt))) throw leaseLost(job.id);
      return findJob(jobs, job.id);
    },
  );
};
