import { hint, invalidParameter, type Job } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import type { Edition } from '@almanac/profiles';
import { sendJsonText } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { shownJob } from '../../course/shown-job.ts';
import { courseResponses, last, readByRoute } from './schemas.ts';

/** Records read in one step. */
const STEP = 500;

const shapes: Readonly<Record<string, (jobs: readonly Job[]) => unknown>> = {
  dict: (jobs) => Object.fromEntries(jobs.map((job) => [job.id, shownJob(job)])),
  list: (jobs) => jobs.map(shownJob),
  ids: (jobs) => jobs.map(({ id }) => id),
};

export const listCourseJobs: FastifyPluginAsyncTypebox<{ jobs: JobQueue; edition: Edition }> = async (app, { jobs, edition }) => {
  app.get(
    '/jobs',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseListJobs',
        summary: 'All jobs by id, oldest first; shape=list, shape=ids',
        querystring: Type.Object({ shape: Type.Optional(Type.Enum(Object.keys(shapes))) }),
        response: courseResponses,
      },
      validatorCompiler: readByRoute,
    },
    async (request, reply) => {
      const shape = last((request.query as { shape?: unknown }).shape) || (edition === '2024' ? 'ids' : 'dict');
      const made = Object.hasOwn(shapes, shape) ? shapes[shape] : undefined;
      if (made === undefined) throw invalidParameter('shape', shape, `there is no such shape${hint(shape, Object.keys(shapes))}`);
      return sendJsonText(reply, `${JSON.stringify(made(await allJobs(jobs)))}\n`);
    },
  );

  app.delete(
    '/jobs',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseDeleteJobs',
        summary: 'Forget all jobs',
        description: 'A job that is being worked on at this moment stays until it has ended.',
        response: courseResponses,
      },
    },
    async (_, reply) => {
      const { kept } = await jobs.clear();
      const rest = kept === 0 ? '' : `; ${kept} that ${kept === 1 ? 'is' : 'are'} being worked on ${kept === 1 ? 'stays' : 'stay'}`;
      return reply.type('text/plain; charset=utf-8').send(`Jobs deleted${rest}\n` as never);
    },
  );
};

async function allJobs(jobs: JobQueue): Promise<Job[]> {
  const all: Job[] = [];
  for (let offset = 0; ; offset += STEP) {
    const page = await jobs.list({ limit: STEP, offset });
    all.push(...page.jobs);
    if (offset + STEP >= page.matched) return all.reverse();
  }
}
