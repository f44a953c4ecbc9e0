import { Job, JobStatus, Link } from '@almanac/domain';
import { linkHeader, pageLinks, problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';

const Query = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 10_000, default: 50, description: 'jobs on a page' }),
    offset: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER - 10_000, default: 0, description: 'jobs to pass over' }),
    status: Type.Optional(JobStatus),
  },
  { additionalProperties: false },
);
const Jobs = Type.Object({
  items: Type.Array(ref('Job', Job)),
  numberReturned: Type.Integer(),
  numberMatched: Type.Integer(),
  links: Type.Array(Link),
});

export const listJobs: FastifyPluginAsyncTypebox<Context> = async (app, { jobs }) => {
  app.get(
    '/v1/jobs',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'listJobs',
        summary: 'List jobs, latest first',
        description: '```\ncurl "http://localhost:5000/v1/jobs?status=complete&limit=10"\n```',
        querystring: Query,
        response: { 200: Jobs, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { limit, offset, status } = request.query;
      const { jobs: items, matched } = await jobs.list({ limit, offset, status });
      const links = pageLinks({ path: '/v1/jobs', parameters: [['status', status]], limit, offset, matched });
      reply.headers({ 'cache-control': 'no-cache', link: linkHeader(links) });
      return { items, numberReturned: items.length, numberMatched: matched, links };
    },
  );
};
