import { Readable } from 'node:stream';
import type { Job } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { type Edition, lastValues, shapeOf } from '@almanac/profiles';
import { courseResponses, sendJsonText, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { allIds, eachJob } from '../../course/all-jobs.ts';
import { shownJob } from '../../course/shown-job.ts';

interface Shape {
  brackets: readonly [open: string, close: string];
  entry(job: Job): string;
}

const jobText = (job: Job): string => JSON.stringify(shownJob(job));
const shapes: Readonly<Record<'dict' | 'list', Shape>> = {
  dict: { brackets: ['{', '}'], entry: (job) => `${JSON.stringify(job.id)}:${jobText(job)}` },
  list: { brackets: ['[', ']'], entry: jobText },
};
const shapeNames = ['dict', 'list', 'ids'] as const;

export const listCourseJobs: FastifyPluginAsyncTypebox<{ jobs: JobQueue; edition: Edition }> = async (app, { jobs, edition }) => {
  app.get(
    '/jobs',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseListJobs',
        summary: 'All jobs by id, oldest first; shape=list, shape=ids',
        querystring: Type.Object({ shape: Type.Optional(Type.Enum([...shapeNames])) }),
        response: courseResponses('json'),
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const shape = shapeOf(lastValues(request.query), shapeNames) ?? (edition === '2024' ? 'ids' : 'dict');
      const ids = await allIds(jobs);
      if (shape === 'ids') return sendJsonText(reply, `${JSON.stringify(ids)}\n`);
      return reply.header('content-type', 'application/json').send(Readable.from(jsonOf(shapes[shape], eachJob(jobs, ids))) as never);
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
        response: courseResponses('text'),
      },
    },
    async (_, reply) => {
      const { kept } = await jobs.clear();
      const rest = kept === 0 ? '' : `; ${kept} that ${kept === 1 ? 'is' : 'are'} being worked on ${kept === 1 ? 'stays' : 'stay'}`;
      return reply.type('text/plain; charset=utf-8').send(`Jobs deleted${rest}\n` as never);
    },
  );
};

/** Whole JSON in pieces that are made as the client takes them. */
async function* jsonOf({ brackets: [open, close], entry }: Shape, jobs: AsyncIterable<Job>): AsyncGenerator<string> {
  let before = open;
  for await (const job of jobs) {
    yield before + entry(job);
    before = ',';
  }
  yield `${before === open ? open : ''}${close}\n`;
}
