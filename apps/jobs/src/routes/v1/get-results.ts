import { ResultLink } from '@almanac/domain';
import { problemResponse, resultsAt, sendJsonText } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { chooseResult, LINKS } from '../../results/choose-result.ts';
import { findCompleteJob } from '../../results/complete-job.ts';
import { sendResult } from '../../results/send-result.ts';
import { describe, JOB_URL } from '../describe.ts';
import { JobParams } from './params.ts';
import { bytesResponse, resultContent } from './result-content.ts';

const Links = Type.Record(Type.String(), ResultLink);

export const getResults: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, results }) => {
  app.get(
    '/v1/jobs/:id/results',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'getResults',
        summary: 'Get the results of a complete job',
        description: describe(
          [
            'The media type in `Accept` selects a result of that type, or with `application/json` the links to all results.',
            'Without a preference, the only result is returned itself; of several results, the links.',
            'Returns 404 (`result-not-ready`) with Retry-After if the job is not finished, and the job’s problem if it failed.',
          ],
          `${JOB_URL}/results`,
        ),
        params: JobParams,
        response: {
          200: bytesResponse('A result, or the link, media type and size in bytes of each result by its name', {
            ...resultContent,
            'application/json': { schema: Links },
          }),
          default: problemResponse,
        },
      },
    },
    async (request, reply) => {
      const found = await findCompleteJob(jobs, request.params.id);
      reply.header('vary', 'accept');
      const name = chooseResult(found.job, request.headers.accept);
      if (name !== LINKS) return sendResult(results, found, name, request, reply);
      const links = resultsAt(found.job.results, request.prefix);
      return sendJsonText(reply.header('cache-control', 'no-cache'), JSON.stringify(links));
    },
  );
};
