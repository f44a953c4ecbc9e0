import type { Readable } from 'node:stream';
import { invalidParameter, jobLimits, unknownResult, unsupportedMediaType } from '@almanac/domain';
import type { ExternalProcess } from '@almanac/processes';
import { BINARY, problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { bodyUnread } from '../../external/body-unread.ts';
import { findExternalJob, leaseLost } from '../../external/external-job.ts';
import { NoQuery, takeWorkerToken, tokenOf, WorkerTokenHeader } from '../../external/worker-token.ts';
import { piecesOf, tooLarge } from '../../results/result-body.ts';

export const putResult: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, registry, leases, results }) => {
  // The body stays a stream: nothing of it is read before the token is known to hold the job.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  app.put(
    '/v1/jobs/:id/results/:name',
    {
      preValidation: takeWorkerToken,
      schema: {
        tags: ['jobs'],
        operationId: 'putResult',
        summary: 'Store one result of a job, before it is finished',
        description:
          'The name is one of the process’ outputs. A repeat replaces what was stored.\n\n```\ncurl -T plot.png -H "Content-Type: image/png" -H "Worker-Token: $TOKEN" http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/results/png\n```',
        consumes: ['application/octet-stream'],
        headers: WorkerTokenHeader,
        params: Type.Object({
          id: Type.String({ description: 'the job’s id' }),
          name: Type.String({ description: 'the result’s name', examples: ['png'] }),
        }),
        querystring: NoQuery,
        body: Type.Unsafe<unknown>({ ...BINARY, description: `the bytes; at most ${jobLimits.resultBytes.value}` }),
        response: { 204: Type.Null({ description: 'Stored' }), default: problemResponse },
      },
      validatorCompiler: bodyUnread,
    },
    async (request, reply) => {
      const { id, name } = request.params;
      const token = tokenOf(request);
      const { process } = await findExternalJob(jobs, registry, id);
      checkHead(request, process, name);
      if (!(await leases.isHeld(process.queue, id, token))) throw leaseLost(id);
      const sink = results.sink(id, token, name);
      let isEmpty = true;
      try {
        for await (const piece of piecesOf(request.body as Readable)) {
          await sink.write(piece);
          isEmpty = false;
        }
        if (isEmpty) throw missing();
        if (!(await leases.isHeld(process.queue, id, token))) throw leaseLost(id);
        await sink.commit();
      } catch (error) {
        await sink.abort().catch(() => {});
        throw error;
      }
      return reply.code(204).send(null);
    },
  );
};

const missing = () => invalidParameter('body', '', 'the bytes of the result are missing');

/** What is wrong with a result by its name, type and announced length, before a byte of it is read. */
function checkHead({ headers, body }: FastifyRequest, { mediaTypes, Outputs }: ExternalProcess, name: string): void {
  const expected = Object.hasOwn(mediaTypes, name) ? (mediaTypes[name] as string) : undefined;
  if (expected === undefined) throw unknownResult(name, Outputs);
  const given = headers['content-type']?.split(';')[0]?.trim();
  if (given !== undefined && given !== expected && given !== 'application/octet-stream') throw unsupportedMediaType(given, [expected]);
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  if (body === undefined || body === null || length === 0) throw missing();
  if (length !== undefined && length > jobLimits.resultBytes.value) throw tooLarge(length);
}
