import { invalidParameter, unknownResult, unsupportedMediaType } from '@almanac/domain';
import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { externalJob, stale, TokenQuery } from '../../leased.ts';

const MAX_RESULT_BYTES = 64 * 1024 * 1024;

export const putResult: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, registry, leases, results }) => {
  // Bytes are taken as they come, whatever they are.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.put(
    '/v1/jobs/:id/results/:name',
    {
      bodyLimit: MAX_RESULT_BYTES,
      schema: {
        tags: ['jobs'],
        operationId: 'putResult',
        summary: 'Store one result of a job, before it is finished',
        description:
          'The name is one of the process’ outputs.\n\n```\ncurl -T plot.png -H "Content-Type: image/png" "http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/results/png?token=$TOKEN"\n```',
        params: Type.Object({
          id: Type.String({ description: 'the job’s id' }),
          name: Type.String({ description: 'the result’s name', examples: ['png'] }),
        }),
        querystring: TokenQuery,
        response: { 204: Type.Null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id, name } = request.params;
      const { token } = request.query;
      const { process } = await externalJob(jobs, registry, id);
      const expected = process.mediaTypes[name];
      if (expected === undefined) throw unknownResult(name, process.Outputs);
      const given = request.headers['content-type']?.split(';')[0]?.trim();
      if (given !== undefined && given !== expected && given !== 'application/octet-stream') throw unsupportedMediaType(given, [expected]);
      const body = request.body as Buffer | undefined;
      if (body === undefined || body.length === 0) throw invalidParameter('body', '', 'the bytes of the result are missing');
      if (!(await leases.isHeld(process.queue, id, token))) throw stale(id);
      await results.save(id, token, name, body);
      return reply.code(204).send(null);
    },
  );
};
