import { Job } from '@almanac/domain';
import { problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { findJob } from '../../job-lookup.ts';
import { describe, JOB_URL } from '../describe.ts';
import { JobParams } from './params.ts';

export const resubmitJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, intake, registry, catalogue }) => {
  app.post(
    '/v1/jobs/:id/resubmit',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'resubmitJob',
        summary: 'Submit the same job again, for the current version of its data set',
        description: describe([], `-X POST ${JOB_URL}/resubmit`),
        params: JobParams,
        response: { 201: ref('Job', Job), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { process, inputs, outputs, dataset, asked } = await findJob(jobs, request.params.id);
      const job = await intake.accept(
        {
          process: await registry.get(process),
          inputs: { ...inputs, version: 'latest' },
          outputs,
          dataset: await catalogue.get(dataset.id, 'latest'),
          ...(asked === undefined ? {} : { asked }),
        },
        request,
      );
      return reply.code(201).header('location', `/v1/jobs/${job.id}`).send(job);
    },
  );
};
