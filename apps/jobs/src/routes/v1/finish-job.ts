import { Job, jobLimits, ProblemError } from '@almanac/domain';
import type { ExternalProcess } from '@almanac/processes';
import { OPTIONAL_BODY, problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { findExternalJob, leaseLost } from '../../external/external-job.ts';
import { NoQuery, takeWorkerToken, tokenOf, WorkerTokenHeader } from '../../external/worker-token.ts';
import { findJob } from '../../job-lookup.ts';
import { describe, JOB_URL } from '../describe.ts';
import { JobParams } from './params.ts';

const Body = Type.Object(
  {
    message: Type.Optional(Type.String({ maxLength: 2000, description: 'message about the job, shown to users' })),
    description: Type.Optional(Type.String({ maxLength: 2000, description: 'the picture in words' })),
    notes: Type.Optional(Type.Array(Type.String({ maxLength: 500 }), { maxItems: 20 })),
  },
  { additionalProperties: false },
);

const defaultBody = async (request: FastifyRequest): Promise<void> => {
  request.body ??= {};
};

export const finishJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, registry, leases, results }) => {
  app.post(
    '/v1/jobs/:id/finish',
    {
      bodyLimit: jobLimits.wordBytes.value,
      preValidation: [takeWorkerToken, defaultBody],
      schema: {
        tags: ['jobs'],
        operationId: 'finishJob',
        ...OPTIONAL_BODY,
        summary: 'Report that a job is complete, after its results were stored',
        description: describe([], `--json '{"message":"12 falls"}' -H "Worker-Token: $TOKEN" ${JOB_URL}/finish`),
        params: JobParams,
        headers: WorkerTokenHeader,
        querystring: NoQuery,
        body: Body,
        response: { 200: ref('Job', Job), default: problemResponse },
      },
    },
    async (request) => {
      const { job, process } = await findExternalJob(jobs, registry, request.params.id);
      const token = tokenOf(request);
      const { notes = [], ...outcome } = request.body;
      const stored = await storedResults(job.id, token, process, results);
      const missing = job.outputs.filter((name) => !Object.hasOwn(stored, name));
      if (missing.length > 0 && (await leases.isHeld(process.queue, job.id, token))) throw resultsMissing(job.id, missing);
      if (!(await leases.complete(process.queue, job.id, token, { ...outcome, notes, results: stored }))) throw leaseLost(job.id);
      return findJob(jobs, job.id);
    },
  );
};

/** The results that are stored under the token, by name. */
async function storedResults(
  id: string,
  token: string,
  { Outputs, mediaTypes }: ExternalProcess,
  results: Pick<Context['results'], 'size'>,
) {
  const sizes = await Promise.all(Outputs.map((name) => results.size(id, token, name)));
  return Object.fromEntries(
    Outputs.flatMap((name, i) => (sizes[i] === undefined ? [] : [[name, { type: mediaTypes[name] as string, bytes: sizes[i] }]])),
  );
}

const resultsMissing = (id: string, missing: readonly string[]) =>
  new ProblemError('conflict', `Job ${id} has no result ${missing.join(', ')} yet. PUT /v1/jobs/${id}/results/${missing[0]} stores it.`);
