import { setTimeout as sleep } from 'node:timers/promises';
import type { LeasedJob } from '@almanac/job-queue';
import type { ExternalProcess } from '@almanac/processes';
import { callerOf, problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { findExternalJob, LeasedJobBody, leasedJobBody, notWaiting, requireExternal } from '../../external/external-job.ts';
import { disconnectSignal, shutdownSignal } from '../../follow/abort-signals.ts';
import { JobParams } from './get-job.ts';

const MOST_SECONDS = 60;
/** A change is heard at once; this is for the hint that was missed. */
const LOOK_MS = 1000;

export const takeJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, registry, leases, waits }) => {
  const closing = shutdownSignal(app);

  /** The next job, as soon as there is one within the time. */
  async function next({ queue, leaseMs }: ExternalProcess, withinMs: number, gone: AbortSignal): Promise<LeasedJob | undefined> {
    const end = performance.now() + withinMs;
    for (;;) {
      const changed = Promise.withResolvers<void>();
      const mute = withinMs === 0 ? () => {} : jobs.listen(() => changed.resolve());
      try {
        const job = await leases.take(queue, leaseMs);
        const left = end - performance.now();
        if (job !== undefined || left <= 0 || gone.aborted) return job;
        const late = new AbortController();
        const signal = AbortSignal.any([late.signal, gone]);
        await Promise.race([changed.promise, sleep(Math.min(left, LOOK_MS), undefined, { signal }).catch(() => {})]);
        late.abort();
      } finally {
        mute();
      }
    }
  }

  app.post(
    '/v1/processes/:id/take',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'takeJob',
        summary: 'Take the next job of a registered process, for a worker without a connection to the store',
        description:
          'Answers 204 when none came within the time.\n\n```\ncurl -X POST "http://localhost:5000/v1/processes/density/take?wait=30"\n```',
        params: Type.Object({ id: Type.String({ description: 'the process', examples: ['density'] }) }),
        querystring: Type.Object(
          { wait: Type.Optional(Type.Number({ minimum: 0, maximum: MOST_SECONDS, default: 0, description: 'seconds to wait for a job' })) },
          { additionalProperties: false },
        ),
        response: { 200: LeasedJobBody, 204: Type.Null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const process = requireExternal(await registry.named(request.params.id));
      const { wait = 0 } = request.query;
      const give = wait > 0 ? waits.take(callerOf(request.raw)) : () => {};
      const taken = await next(process, wait * 1000, disconnectSignal(reply, closing)).finally(give);
      reply.header('cache-control', 'no-store');
      return taken === undefined ? reply.code(204).send(null) : reply.send(leasedJobBody(taken, process));
    },
  );

  app.post(
    '/v1/jobs/:id/start',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'startJob',
        summary: 'Begin a job whose id was taken from the list of its queue',
        description:
          'For workers that take ids with Python’s HotQueue or any Redis client.\n\n```\ncurl -X POST http://localhost:5000/v1/jobs/8e03978e-40d5-43e8-bc93-6894a57f9324/start\n```',
        params: JobParams,
        response: { 200: LeasedJobBody, default: problemResponse },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { job, process } = await findExternalJob(jobs, registry, request.params.id);
      const claimed = await leases.claim(process.queue, job.id, process.leaseMs);
      if (claimed === undefined || claimed === 'taken') throw notWaiting(await jobs.get(job.id), job.id);
      return leasedJobBody(claimed, process);
    },
  );
};
