import { courseResponses } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { CourseContext } from './context.ts';
import { sendText } from './replies.ts';

export const deleteJobs: FastifyPluginAsyncTypebox<CourseContext> = async (app, { jobs }) => {
  app.delete(
    '/jobs',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseDeleteJobs',
        summary: 'Delete all jobs',
        description: 'Running jobs are kept until they have ended.',
        response: courseResponses('text'),
      },
    },
    async (_, reply) => {
      const { kept } = await jobs.clear();
      const rest = kept === 0 ? '' : `; ${kept} that ${kept === 1 ? 'is' : 'are'} being worked on ${kept === 1 ? 'stays' : 'stay'}`;
      return sendText(reply, `Jobs deleted${rest}`);
    },
  );
};
