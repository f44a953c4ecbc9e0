import { Readable } from 'node:stream';
import type { Job } from '@almanac/domain';
import { lastValues, shapeOf } from '@almanac/profiles';
import { courseResponses, sendJsonText, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { allIds, eachJob } from '../../dialect/all-jobs.ts';
import { courseJobView } from '../../dialect/course-job-view.ts';
import type { CourseContext } from './context.ts';

interface Shape {
  brackets: readonly [open: string, close: string];
  entry(job: Job): string;
}

const jobText = (job: Job): string => JSON.stringify(courseJobView(job));
const shapes: Readonly<Record<'dict' | 'list', Shape>> = {
  dict: { brackets: ['{', '}'], entry: (job) => `${JSON.stringify(job.id)}:${jobText(job)}` },
  list: { brackets: ['[', ']'], entry: jobText },
};
const shapeNames = ['dict', 'list', 'ids'] as const;

export const listJobs: FastifyPluginAsyncTypebox<CourseContext> = async (app, { jobs, course }) => {
  app.get(
    '/jobs',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseListJobs',
        summary: 'List all jobs by id, oldest first; shape=list, shape=ids',
        querystring: Type.Object({ shape: Type.Optional(Type.Enum([...shapeNames])) }),
        response: courseResponses('json'),
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const shape = shapeOf(lastValues(request.query), shapeNames) ?? (course.edition === '2024' ? 'ids' : 'dict');
      const ids = await allIds(jobs);
      if (shape === 'ids') return sendJsonText(reply, `${JSON.stringify(ids)}\n`);
      return reply.header('content-type', 'application/json').send(Readable.from(jsonOf(shapes[shape], eachJob(jobs, ids))) as never);
    },
  );
};

/** JSON in pieces, which are made as the client reads them. */
async function* jsonOf({ brackets: [open, close], entry }: Shape, jobs: AsyncIterable<Job>): AsyncGenerator<string> {
  let before = open;
  for await (const job of jobs) {
    yield before + entry(job);
    before = ',';
  }
  yield `${before === open ? open : ''}${close}\n`;
}
