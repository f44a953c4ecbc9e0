import { lastValues } from '@almanac/profiles';
import { courseResponses, OPTIONAL_BODY, sendJsonText, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { readAsked } from '../../course/asked.ts';
import type { CourseJobs } from '../../course/course-jobs.ts';
import { submittedJob } from '../../course/shown-job.ts';
import { DatasetQuery, JobBody, MAX_BYTES } from './schemas.ts';

export const submit: FastifyPluginAsyncTypebox<{ courseJobs: CourseJobs }> = async (app, { courseJobs }) => {
  const accept = async (request: FastifyRequest) => {
    const asked = readAsked(request.body);
    const dataset = courseJobs.datasetOf(lastValues(request.query), asked);
    return courseJobs.submit(dataset, asked, request);
  };
  const schema = { tags: ['course'], querystring: DatasetQuery, body: JobBody, ...OPTIONAL_BODY };

  app.post(
    '/jobs',
    {
      schema: {
        ...schema,
        operationId: 'courseSubmitJob',
        summary: 'Submit a job: a plot of some of the records',
        response: courseResponses('json'),
      },
      validatorCompiler: skipValidation,
      bodyLimit: MAX_BYTES,
    },
    async (request, reply) => {
      const job = submittedJob(await accept(request));
      return sendJsonText(reply, `${JSON.stringify(job)}\n`);
    },
  );

  app.post(
    '/submit',
    {
      schema: {
        ...schema,
        operationId: 'courseSubmit',
        summary: 'Submit a job; the answer is a sentence',
        response: courseResponses('text'),
      },
      validatorCompiler: skipValidation,
      bodyLimit: MAX_BYTES,
    },
    async (request, reply) => {
      const { id } = await accept(request);
      return reply.type('text/plain; charset=utf-8').send(`Job ${id} successfully submitted\n` as never);
    },
  );
};
