import { Job, ProblemError } from '@almanac/domain';
import { problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { findJob } from '../../job-lookup.ts';
import { JobParams } from './get-job.ts';

const AT_ONCE = 1000;

export const reviveJobs: FastifyPluginAsyncTypebox<Context> = async (app, { jobs }) => {
  app.post(
    '/v1/jobs/:id/revive',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'reviveJob',
        summary: 'Let a failed or cancelled job wait again, under its own id',
        description: '```\ncurl -X POST http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/revive\n```',
        params: JobParams,
        response: { 200: ref('Job', Job), default: problemResponse },
      },
    },
    async (request) => {
      const { id, status } = await findJob(jobs, request.params.id);
      if ((await jobs.revive([id])).length === 0)
        throw new ProblemError('conflict', `Job ${id} neither failed nor was cancelled: it is '${status}'.`);
      return findJob(jobs, id);
    },
  );

  app.post(
    '/v1/jobs/revive',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'reviveJobs',
        summary: 'Let all failed jobs wait again, or those of one process',
        description: 'GET /v1/jobs?status=failed lists them.\n\n```\ncurl -X POST "http://localhost:5000/v1/jobs/revive?process=plot"\n```',
        querystring: Type.Object(
          { process: Type.Optional(Type.String({ description: 'only jobs of this process', examples: ['plot'] })) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ revived: Type.Integer() }), default: problemResponse },
      },
    },
    async (request) => {
      let revived = 0;
      for (;;) {
        const failed = await jobs.list({ limit: AT_ONCE, offset: 0 }, { status: 'failed', process: request.query.process });
        const again = failed.jobs.length === 0 ? [] : await jobs.revive(failed.jobs.map(({ id }) => id));
        revived += again.length;
        if (again.length === 0 || failed.next === undefined) return { revived };
      }
    },
  );
};
