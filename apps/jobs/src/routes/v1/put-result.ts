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
import { describe, JOB_URL } from '../describe.ts';
import { ResultParams } from './params.ts';

export const putResult: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, registry, leases, results }) => {
  // The body stays a stream: it is not read before the token is checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));
  app.put(
    '/v1/jobs/:id/results/:name',
    {
      preValidation: takeWorkerToken,
      schema: {
        tags: ['jobs'],
        operationId: 'putResult',
        summary: 'Store one result of a job before the job is finished',
        description: describe(
          ['The name is one of the outputs of the process.', 'A repeated request replaces the stored result.'],
          `-T plot.png -H "Content-Type: image/png" -H "Worker-Token: $TOKEN" ${JOB_URL}/results/png`,
        ),
        consumes: ['application/octet-stream'],
        headers: WorkerTokenHeader,
        params: ResultParams,
        querystring: NoQuery,
        body: Type.Unsafe<unknown>({ ...BINARY, description: `the result, at most ${jobLimits.resultBytes.value} bytes` }),
        response: { 204: Type.Null({ description: 'Stored' }), default: problemResponse },
      },
      validatorCompiler: bodyUnread,
    },
    async (request, reply) => {
      const { id, name } = request.params;
      const token = tokenOf(request);
      const { process } = await findExternalJob(jobs, registry, id);
      checkHead(request, process, name);
      const requireLease = async () => {
        if (!(await leases.isHeld(process.queue, id, token))) throw leaseLost(id);
      };
      await requireLease();
      await store(request.body as Readable, results.sink(id, token, name), requireLease);
      return reply.code(204).send(null);
    },
  );
};

/** Writes the body piece by piece. Nothing is stored if it breaks off, is empty or too large, or if the lease is lost meanwhile. */
async function store(body: Readable, sink: ReturnType<Context['results']['sink']>, requireLease: () => Promise<void>): Promise<void> {
  try {
    let isEmpty = true;
    for await (const piece of piecesOf(body)) {
      await sink.write(piece);
      isEmpty = false;
    }
    if (isEmpty) throw missing();
    await requireLease();
    await sink.commit();
  } catch (error) {
    await sink.abort().catch(() => {});
    throw error;
  }
}

const missing = () => invalidParameter('body', '', 'must be the bytes of the result');

/** Checks the name, the media type and the announced length of a result before its body is read. Throws ProblemError. */
function checkHead({ headers, body }: FastifyRequest, { mediaTypes, Outputs }: ExternalProcess, name: string): void {
  const expected = Object.hasOwn(mediaTypes, name) ? (mediaTypes[name] as string) : undefined;
  if (expected === undefined) throw unknownResult(name, Outputs);
  const given = headers['content-type']?.split(';')[0]?.trim();
  if (given !== undefined && given !== expected && given !== 'application/octet-stream') throw unsupportedMediaType(given, [expected]);
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
  if (body === undefined || body === null || length === 0) throw missing();
  if (length !== undefined && length > jobLimits.resultBytes.value) throw tooLarge(length);
}
