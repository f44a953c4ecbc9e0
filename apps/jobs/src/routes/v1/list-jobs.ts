import { invalidParameter, Job, JobStatus, Link, parseTime } from '@almanac/domain';
import { linkHeader, problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { cursorOf, placeOf } from '../../follow/cursor.ts';

const Query = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        default: 50,
        description: 'jobs on a page; fewer where they are large: `next` continues',
      }),
    ),
    offset: Type.Optional(
      Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER - 10_000, default: 0, description: 'jobs to pass over' }),
    ),
    cursor: Type.Optional(Type.String({ description: 'where an earlier page ended: in its next link' })),
    status: Type.Optional(JobStatus),
    process: Type.Optional(Type.String({ description: 'jobs of this process', examples: ['plot'] })),
    dataset: Type.Optional(Type.String({ description: 'jobs over this data set', examples: ['meteorites'] })),
    from: Type.Optional(Type.String({ description: 'submitted at or after', examples: ['2024-02-21T12:00:00Z'] })),
    to: Type.Optional(Type.String({ description: 'submitted at or before' })),
  },
  { additionalProperties: false },
);
const Jobs = Type.Object({
  items: Type.Array(ref('Job', Job)),
  numberReturned: Type.Integer(),
  numberMatched: Type.Integer({ description: 'how many there are; behind a cursor, from there on' }),
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
        description:
          'Members of a job that are large are left out and named in `omitted`; GET /v1/jobs/{id} has them.\n\n```\ncurl "http://localhost:5000/v1/jobs?status=complete&limit=10"\n```',
        querystring: Query,
        response: { 200: Jobs, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { limit = 50, offset = 0, cursor, status, process, dataset, from, to } = request.query;
      const filter = { status, process, dataset, from: momentIn('from', from), to: momentIn('to', to) };
      const page = { limit, offset, after: cursor === undefined ? undefined : placeOf(cursor) };
      const { jobs: items, matched, next } = await jobs.list(page, filter);
      const named = { status, process, dataset, from, to };
      const query = (more: Record<string, string | number>) => `/v1/jobs?${new URLSearchParams(given({ limit, ...named, ...more }))}`;
      const links: Link[] = [{ rel: 'self', href: query({ offset, ...(cursor === undefined ? {} : { cursor }) }) }];
      if (next !== undefined) links.push({ rel: 'next', href: query({ cursor: cursorOf(next) }) });
      if (offset > 0 || cursor !== undefined) links.push({ rel: 'first', href: query({}) });
      reply.headers({ 'cache-control': 'no-cache', link: linkHeader(links) });
      return { items, numberReturned: items.length, numberMatched: matched, links };
    },
  );
};

function momentIn(name: string, text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : parseTime(text);
  if (text !== undefined && ms === undefined) throw invalidParameter(name, text, 'write ISO 8601, e.g. 2024-02-21T12:00:00Z');
  return ms;
}

const given = (parameters: Record<string, string | number | undefined>): [string, string][] =>
  Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
