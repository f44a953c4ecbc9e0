import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { findCompleteJob } from '../../results/complete-job.ts';
import { sendResult } from '../../results/send-result.ts';
import { describe, JOB_URL } from '../describe.ts';
import { ResultParams } from './params.ts';
import { bytesResponse } from './result-content.ts';

const Query = Type.Object(
  { download: Type.Optional(Type.Enum(['1', '0'], { description: '1: a browser saves the result instead of displaying it' })) },
  { additionalProperties: false },
);

const bytes = bytesResponse('The result, in the media type that its process defines');

export const getResult: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, results }) => {
  app.get(
    '/v1/jobs/:id/results/:name',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'getResult',
        summary: 'Get one result of a job, for example its png or svg',
        description: describe(
          [
            'Returns the bytes of the result.',
            'The name selects it; `Accept` is ignored.',
            'The bytes never change: clients may cache them forever and request parts of them (`Range`).',
          ],
          `-o plot.png ${JOB_URL}/results/png`,
        ),
        params: ResultParams,
        querystring: Query,
        response: {
          200: bytes,
          206: bytes,
          304: Type.Null({ description: 'The client has the result (If-None-Match)' }),
          default: problemResponse,
        },
      },
    },
    async (request, reply) => {
      const { id, name } = request.params;
      return sendResult(results, await findCompleteJob(jobs, id), name, request, reply, request.query.download === '1');
    },
  );
};
