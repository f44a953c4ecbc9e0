import { ProblemError } from '@almanac/domain';
import { courseSuccess } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { pictureOf } from '../../dialect/picture.ts';
import { readJob } from '../../job-lookup.ts';
import type { CourseContext } from './context.ts';
import { jobSchema, sendPng, sendUnfinished, withoutResult } from './replies.ts';

export const download: FastifyPluginAsyncTypebox<CourseContext> = async (app, { jobs, results }) => {
  app.get(
    '/download/:id',
    {
      schema: {
        ...jobSchema,
        operationId: 'courseDownload',
        summary: 'Download the picture of a job',
        response: { ...jobSchema.response, 200: courseSuccess('png') },
      },
    },
    async (request, reply) => {
      const read = await readJob(jobs, request.params.id);
      const { job } = read;
      if (job.status === 'failed' || job.status === 'cancelled') throw new ProblemError('unknown-result', withoutResult(job).message);
      if (job.status !== 'complete') return sendUnfinished(reply, job);
      return sendPng(reply, job.id, await pictureOf(read, results));
    },
  );
};
