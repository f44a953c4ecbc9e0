import { Job } from '@almanac/domain';
import { problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { findJob } from '../../job-lookup.ts';
import { JobParams } from './get-job.ts';

export const resubmitJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, intake, registry, catalogue }) => {
  app.post(
    '/v1/jobs/:id/resubmit',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'resubmitJob',
        summary: 'Submit the same again, as a new job over what the data set holds now',
        description: '```\ncurl -X POST http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/resubmit\n```',
        params: JobParams,
        response: { 201: ref('Job', Job), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { process, inputs, outputs, dataset, asked } = await findJob(jobs, request.params.id);
      const job = await intake.accept(
        {
          process: await registry.named(process),
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
