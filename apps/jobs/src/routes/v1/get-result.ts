import { BINARY, problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TUnsafe, Type } from 'typebox';
import type { Context } from '../../context.ts';
import { findJob, requireComplete } from '../../job-lookup.ts';
import { sendResult } from '../../results/send-result.ts';

const Params = Type.Object({
  id: Type.String({ description: 'the job’s id', examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'] }),
  name: Type.String({ description: 'the result’s name', examples: ['png'] }),
});
const Query = Type.Object(
  { download: Type.Optional(Type.Enum(['1', '0'], { description: '1: a browser saves it instead of showing it' })) },
  { additionalProperties: false },
);

/** Results in each of their media types. First the type under which generated clients take bytes as they are. */
export const resultContent = {
  'application/octet-stream': { schema: BINARY },
  'image/png': { schema: BINARY },
  'image/svg+xml': { schema: { type: 'string' } },
  'application/json': { schema: {} },
  // Registered processes have types of their own.
  '*/*': { schema: BINARY },
};

/** The cast tells the route's type that bytes are sent; Fastify sends bytes as they are, past every serialiser. */
const bytesResponse = {
  description: 'The result, in the media type that its process gives for it',
  content: resultContent,
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
          'The bytes themselves; the name chooses, whatever `Accept` says. They never change, so they may be cached for ever, and fetched in parts (Range).\n\n```\ncurl -o plot.png http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/results/png\n```',
        params: Params,
        querystring: Query,
        response: {
          200: bytesResponse,
          206: bytesResponse,
          304: Type.Null({ description: 'The caller has it (If-None-Match)' }),
          default: problemResponse,
        },
      },
    },
    async (request, reply) => {
      const { id, name } = request.params;
      const job = await findJob(jobs, id);
      requireComplete(job);
      return sendResult({ jobs, results }, job, name, request, reply, request.query.download === '1');
    },
  );
};
