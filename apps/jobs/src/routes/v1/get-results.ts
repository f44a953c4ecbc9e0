import { type Job, ProblemError, ResultLink, shown } from '@almanac/domain';
import { bareType, preferredType, problemResponse, resultsAt, sendJsonText } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TUnsafe, Type } from 'typebox';
import type { Context } from '../../context.ts';
import { findJob, requireComplete } from '../../job-lookup.ts';
import { sendResult } from '../../results/send-result.ts';
import { JobParams } from './get-job.ts';
import { resultContent } from './get-result.ts';

export const getResults: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, results }) => {
  app.get(
    '/v1/jobs/:id/results',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'getResults',
        summary: 'Get what a finished job made',
        description:
          'The media type in `Accept` chooses: a result of that type, or with `application/json` where each result is. Without a preference one result is sent itself, of several where each is. A job that is not finished answers 404 (`result-not-ready`) with Retry-After; a failed one the problem it failed with.\n\n```\ncurl http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/results\n```',
        params: JobParams,
        response: {
          200: {
            description: 'A result, or name -> where it is, what it is, how many bytes',
            content: {
              ...resultContent,
              'application/json': { schema: Type.Record(Type.String(), ResultLink) },
            },
          } as unknown as TUnsafe<Buffer>,
          default: problemResponse,
        },
      },
    },
    async (request, reply) => {
      const job = await findJob(jobs, request.params.id);
      requireComplete(job);
      reply.header('vary', 'accept');
      const name = nameFor(job, request.headers.accept);
      if (name !== LINKS) return sendResult({ jobs, results }, job, name, request, reply, false);
      const links = resultsAt(job.results, request.prefix);
      return sendJsonText(reply.header('cache-control', 'no-cache'), JSON.stringify(links));
    },
  );
};

/** The name that stands for the links of all results. */
const LINKS = Symbol('links');

/** The result that the Accept header prefers, or the links. By default one result is itself, several are links. Throws 406. */
function nameFor({ results }: Job, accept: string | undefined): string | typeof LINKS {
  const named = Object.entries(results).map(([name, { type }]) => ({ name, type: bareType(type) }));
  const links = { name: LINKS, type: 'application/json' } as const;
  const choices = named.length === 1 ? [...named, links] : [links, ...named];
  const types = choices.map(({ type }) => type);
  const type = preferredType(accept, types);
  const chosen = choices.find((one) => one.type === type);
  if (chosen === undefined) throw notAcceptable(accept, types);
  return chosen.name;
}

const notAcceptable = (accept: string | undefined, available: readonly string[]) =>
  new ProblemError('not-acceptable', `Accept: ${shown(accept)} is not among what this job has: ${available.join(', ')}.`, {
    extra: { available },
  });
