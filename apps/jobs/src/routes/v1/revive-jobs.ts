import type { JobQueue } from '@almanac/job-queue';
import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { describe } from '../describe.ts';
import { processFilter } from './params.ts';

const AT_ONCE = 1000;

export const reviveJobs: FastifyPluginAsyncTypebox<Context> = async (app, { jobs }) => {
  app.post(
    '/v1/jobs/revive',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'reviveJobs',
        summary: 'Re-queue all failed jobs, or those of one process',
        description: describe(
          ['GET /v1/jobs?status=failed lists the failed jobs.'],
          '-X POST "http://localhost:5000/v1/jobs/revive?process=plot"',
        ),
        querystring: Type.Object(processFilter, { additionalProperties: false }),
        response: { 200: Type.Object({ revived: Type.Integer() }), default: problemResponse },
      },
    },
    async (request) => ({ revived: await reviveFailed(jobs, request.query.process) }),
  );
};

/** Returns the number of jobs that were re-queued. */
async function reviveFailed(jobs: JobQueue, process: string | undefined): Promise<number> {
  let revived = 0;
  for (;;) {
    const failed = await jobs.list({ limit: AT_ONCE, offset: 0 }, { status: 'failed', process });
    const again = failed.jobs.length === 0 ? [] : await jobs.revive(failed.jobs.map(({ id }) => id));
    revived += again.length;
    if (again.length === 0 || failed.next === undefined) return revived;
  }
}
