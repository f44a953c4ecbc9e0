import { createHash } from 'node:crypto';
import { type Job, ProblemError, unknownJob, unknownResult } from '@almanac/domain';
import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TUnsafe, Type } from 'typebox';
import type { Context } from '../../context.ts';
import { jobNamed, requireComplete } from '../../ended.ts';

const Params = Type.Object({
  id: Type.String({ description: 'the job’s id', examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'] }),
  name: Type.String({ description: 'the result’s name', examples: ['png'] }),
});
const Query = Type.Object(
  { download: Type.Optional(Type.Enum(['1', '0'], { description: '1: a browser saves it instead of showing it' })) },
  { additionalProperties: false },
);

/** The cast tells the route's type that bytes are sent; Fastify sends a buffer as it is, past every serialiser. */
const bytesResponse = {
  description: 'The result',
  content: { 'image/png': { schema: { type: 'string', format: 'binary' } }, 'image/svg+xml': { schema: { type: 'string' } } },
} as unknown as TUnsafe<Buffer>;

export const getResult: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, results }) => {
  app.get(
    '/v1/jobs/:id/results/:name',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'getResult',
        summary: 'Get one result of a job, for example its png or svg',
        description:
          'The bytes themselves. They never change, so they may be cached for ever.\n\n```\ncurl -o plot.png http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/results/png\n```',
        params: Params,
        querystring: Query,
        response: {
          200: bytesResponse,
          304: Type.Null({ description: 'The caller has it (If-None-Match)' }),
          default: problemResponse,
        },
      },
    },
    async (request, reply) => {
      const { id, name } = request.params;
      const job = await jobNamed(jobs, id);
      requireComplete(job);
      const link = Object.hasOwn(job.results, name) ? job.results[name] : undefined;
      if (link === undefined) throw unknownResult(name, Object.keys(job.results));
      const place = await jobs.resultPlace(id);
      if (place === undefined) throw unknownJob(id);
      const etag = `"${hex(`${place.jobId} ${place.token} ${name}`).slice(0, 32)}"`;
      const caching = { etag, 'cache-control': 'public, max-age=31536000, immutable' };
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).headers(caching).send(null);
      const bytes = await results.read(place.jobId, place.token, name);
      if (bytes === undefined)
        throw new ProblemError('gone', `The results of job ${id} are no longer kept. Submit it again to have them made anew.`);
      return reply
        .headers({
          ...caching,
          'content-disposition': `${request.query.download === '1' ? 'attachment' : 'inline'}; filename="${fileName(job, name)}"`,
          'repr-digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
          // A result is a picture, whatever a browser might make of it.
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; sandbox",
        })
        .type(link.type)
        .send(bytes);
    },
  );
};

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whether one of the caller's tags is this one (RFC 9110, 13.1.2). */
const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag) ?? false;

/** e.g. meteorites-histogram-8e03978e.png */
function fileName({ id, dataset, inputs, process }: Job, name: string): string {
  const kind = typeof inputs.type === 'string' ? inputs.type : process;
  return `${dataset.id}-${kind}-${id.slice(0, 8)}.${name}`.replace(/[^\w.-]/g, '_');
}
