import { callerOf, problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { LeasedJobBody, leasedJobBody, requireExternal } from '../../external/external-job.ts';
import { takeNextJob } from '../../external/take-next-job.ts';
import { disconnectSignal } from '../../follow/abort-signals.ts';
import { describe } from '../describe.ts';
import { ProcessParams } from './params.ts';

const MAX_SECONDS = 60;
const Query = Type.Object(
  { wait: Type.Optional(Type.Number({ minimum: 0, maximum: MAX_SECONDS, default: 0, description: 'seconds to wait for a job' })) },
  { additionalProperties: false },
);

export const takeJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, registry, leases, waits, closing }) => {
  app.post(
    '/v1/processes/:id/take',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'takeJob',
        summary: 'Take the next job of a registered process, for a worker that does not connect to Redis',
        description: describe(
          ['Returns 204 if no job arrives in time.'],
          '-X POST "http://localhost:5000/v1/processes/density/take?wait=30"',
        ),
        params: ProcessParams,
        querystring: Query,
        response: { 200: LeasedJobBody, 204: Type.Null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const process = requireExternal(await registry.get(request.params.id));
      const { wait = 0 } = request.query;
      const release = wait > 0 ? waits.take(callerOf(request.raw)) : () => {};
      const signal = disconnectSignal(reply, closing);
      const taken = await takeNextJob({ jobs, leases }, process, wait * 1000, signal).finally(release);
      reply.header('cache-control', 'no-store');
      return taken === undefined ? reply.code(204).send(null) : reply.send(leasedJobBody(taken, process));
    },
  );
};
