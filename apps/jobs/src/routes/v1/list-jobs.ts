import { invalidParameter, Job, JobStatus, Link, parseTime } from '@almanac/domain';
import type { Place } from '@almanac/job-queue';
import { linkHeader, problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import type { Context } from '../../context.ts';
import { cursorOf, placeOf } from '../../follow/cursor.ts';
import { describe } from '../describe.ts';
import { datasetFilter, processFilter } from './params.ts';

const Query = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        default: 50,
        description: 'maximum number of jobs on a page; a page of large jobs has fewer, and its `next` link continues',
      }),
    ),
    offset: Type.Optional(
      Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER - 10_000, default: 0, description: 'number of jobs to skip' }),
    ),
    cursor: Type.Optional(Type.String({ description: 'end of an earlier page, from its `next` link' })),
    status: Type.Optional(JobStatus),
    ...processFilter,
    ...datasetFilter,
    from: Type.Optional(Type.String({ description: 'only jobs submitted at or after this time', examples: ['2024-02-21T12:00:00Z'] })),
    to: Type.Optional(Type.String({ description: 'only jobs submitted at or before this time' })),
  },
  { additionalProperties: false },
);
const Jobs = Type.Object({
  items: Type.Array(ref('Job', Job)),
  numberReturned: Type.Integer(),
  numberMatched: Type.Integer({ description: 'number of matching jobs; with a cursor, of those after it' }),
  links: Type.Array(Link),
});

export const listJobs: FastifyPluginAsyncTypebox<Context> = async (app, { jobs }) => {
  app.get(
    '/v1/jobs',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'listJobs',
        summary: 'List jobs, newest first',
        description: describe(
          ['Large members of a job are left out and named in `omitted`; GET /v1/jobs/{id} returns them.'],
          '"http://localhost:5000/v1/jobs?status=complete&limit=10"',
        ),
        querystring: Query,
        response: { 200: Jobs, default: problemResponse },
      },
    },
    async ({ query }, reply) => {
      const { limit = 50, offset = 0, cursor, status, process, dataset } = query;
      const filter = { status, process, dataset, from: timeIn('from', query.from), to: timeIn('to', query.to) };
      const page = { limit, offset, after: cursor === undefined ? undefined : placeOf(cursor) };
      const { jobs: items, matched, next } = await jobs.list(page, filter);
      const links = linksOf(query, next);
      reply.headers({ 'cache-control': 'no-cache', link: linkHeader(links) });
      return { items, numberReturned: items.length, numberMatched: matched, links };
    },
  );
};

/** Links to this page, the next one and the first one. */
function linksOf(
  { limit = 50, offset = 0, cursor, status, process, dataset, from, to }: Static<typeof Query>,
  next: Place | undefined,
): Link[] {
  const href = (place: Record<string, string | number | undefined>) =>
    `/v1/jobs?${new URLSearchParams(given({ limit, status, process, dataset, from, to, ...place }))}`;
  const links: Link[] = [{ rel: 'self', href: href({ offset, cursor }) }];
  if (next !== undefined) links.push({ rel: 'next', href: href({ cursor: cursorOf(next) }) });
  if (offset > 0 || cursor !== undefined) links.push({ rel: 'first', href: href({}) });
  return links;
}

function timeIn(name: string, text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : parseTime(text);
  if (text !== undefined && ms === undefined) throw invalidParameter(name, text, 'must be an ISO 8601 time, e.g. 2024-02-21T12:00:00Z');
  return ms;
}

const given = (parameters: Record<string, string | number | undefined>): [string, string][] =>
  Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
