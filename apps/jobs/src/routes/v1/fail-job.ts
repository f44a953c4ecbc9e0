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
    message: Type.String({ minLength: 1, maxLength: 2000, description: 'reason of the failure, shown to users' }),
    retry: Type.Optional(Type.Boolean({ default: false, description: 'true if another attempt may succeed' })),
  },
  { additionalProperties: false },
);

export const failJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, registry, leases }) => {
  app.post(
    '/v1/jobs/:id/fail',
    {
      bodyLimit: jobLimits.wordBytes.value,
      preValidation: takeWorkerToken,
      schema: {
        tags: ['jobs'],
        operationId: 'failJob',
        summary: 'Report that a job failed, for good or to be retried',
        description: describe([], `--json '{"message":"no records left"}' -H "Worker-Token: $TOKEN" ${JOB_URL}/fail`),
        params: JobParams,
        headers: WorkerTokenHeader,
        querystring: NoQuery,
        body: Body,
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
