import { Job, jobLimits, ProblemError } from '@almanac/domain';
import { problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { findExternalJob, leaseLost } from '../../external/external-job.ts';
import { NoQuery, takeWorkerToken, tokenOf, WorkerTokenHeader } from '../../external/worker-token.ts';
import { findJob } from '../../job-lookup.ts';
import { describe, JOB_URL } from '../describe.ts';
import { JobParams } from './params.ts';

const Body = Type.Object(
  {
    progress: Type.Optional(Type.Number({ minimum: 0, maximum: 100, description: 'percentage of the work that is done' })),
    stage: Type.Optional(Type.String({ maxLength: 100, description: 'name of the current step' })),
  },
  { additionalProperties: false },
);

export const patchProgress: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, registry, leases }) => {
  app.patch(
    '/v1/jobs/:id/progress',
    {
      bodyLimit: jobLimits.wordBytes.value,
      preValidation: takeWorkerToken,
      schema: {
        tags: ['jobs'],
        operationId: 'tellProgress',
        summary: 'Report progress and renew the lease',
        description: describe(
          ['Returns 409 if the job was cancelled: the worker must stop.'],
          `-X PATCH --json '{"progress":40,"stage":"draw"}' -H "Worker-Token: $TOKEN" ${JOB_URL}/progress`,
        ),
        params: JobParams,
        headers: WorkerTokenHeader,
        querystring: NoQuery,
        body: Body,
        response: { 200: ref('Job', Job), default: problemResponse },
      },
    },
    async (request) => {
      const { job, process } = await findExternalJob(jobs, registry, request.params.id);
      const token = tokenOf(request);
      const { progress = job.progress, stage = job.stage ?? '' } = request.body;
      const outcome = await leases.progress(process.queue, job.id, token, progress, stage);
      if (outcome === 'stale') throw leaseLost(job.id);
      if (outcome === 'cancelled') {
        await leases.giveUp(process.queue, job.id, token);
        throw new ProblemError('conflict', `Job ${job.id} was cancelled. Stop working on it.`);
      }
      return findJob(jobs, job.id);
    },
  );
};
