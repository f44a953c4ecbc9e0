import { randomUUID } from 'node:crypto';
import { isTerminal, Job, jobLimits } from '@almanac/domain';
import type { Durability } from '@almanac/job-queue';
import { checkShape, datasetIn, processes, rowsInputs } from '@almanac/processes';
import { callerOf, problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { disconnectSignal, shutdownSignal } from '../../follow/abort-signals.ts';
import { idFor } from '../../submit/idempotency.ts';
import { preferredDurability, waitSeconds } from '../../submit/prefer.ts';
import { readSubmission } from '../../submit/submission.ts';

const Submission = Type.Object(
  {
    process: Type.Optional(Type.String({ default: 'plot', description: 'what is to be done: see GET /v1/processes', examples: ['plot'] })),
    inputs: Type.Union(
      [...Object.values(processes).map(({ Inputs }) => Inputs), Type.Object(rowsInputs, { title: 'Inputs of a registered process' })],
      { description: 'of the process, as GET /v1/processes/{id} describes them' },
    ),
    outputs: Type.Optional(
      Type.Array(Type.String({ examples: [...new Set(Object.values(processes).flatMap(({ Outputs }) => Outputs))] }), {
        minItems: 1,
        description: 'results wanted; without it, the first that the process makes',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      { process: 'plot', inputs: { dataset: 'meteorites', type: 'histogram', x: 'mass (g)', logX: true }, outputs: ['png', 'svg'] },
    ],
  },
);

/** Inputs are counted as minified JSON; the body may have blanks and escapes beside them. */
const BODY_BYTES = 2 * jobLimits.inputsBytes.value;

export const submitJob: FastifyPluginAsyncTypebox<Context & { durability: Durability }> = async (
  app,
  { jobs, catalogue, intake, registry, durability, waits },
) => {
  const closing = shutdownSignal(app);

  app.post(
    '/v1/jobs',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'submitJob',
        summary: 'Submit a job, for example a plot',
        description:
          'Answers with the job’s record at once; with `Prefer: wait=10`, once it has ended if that is within 10 seconds (at most 60). The job is bound to the version its data set has now. A job that was done before is answered from that one (`cache`: hit). `Idempotency-Key` makes a repeat safe. Too many waiting jobs are refused with 503 and Retry-After.\n\n```\ncurl --json \'{"process":"plot","inputs":{"dataset":"meteorites"}}\' http://localhost:5000/v1/jobs\n```',
        headers: Type.Object({
          prefer: Type.Optional(
            Type.String({ description: 'wait=<seconds>; durability=memory, fsync or replicated', examples: ['wait=10'] }),
          ),
          'idempotency-key': Type.Optional(
            Type.String({ description: 'the same key with the same body within a day is the same job', examples: ['"7f3c8a"'] }),
          ),
        }),
        body: Submission,
        response: { 201: ref('Job', Job), default: problemResponse },
      },
      bodyLimit: BODY_BYTES,
      // The body is checked below, where its data set is known, so that every complaint names what would be right.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      checkShape(request.body);
      const { process, inputs, outputs } = await readSubmission(request.body, registry);
      const wanted = datasetIn(inputs);
      const key = request.headers['idempotency-key'];
      const id = key === undefined ? randomUUID() : await idFor(jobs, key, request.body, randomUUID());
      const known = key === undefined ? undefined : await jobs.get(id);
      const preferred = preferredDurability(request.headers.prefer);
      const asked = preferred ?? durability;
      const accepted =
        known === undefined
          ? await intake.accept(
              {
                id,
                process,
                inputs: inputs as Record<string, unknown>,
                outputs,
                dataset: await catalogue.get(wanted.id, wanted.version),
                durability: asked,
              },
              request,
            )
          : // Whoever repeats may have heard nothing of the first time: this answer promises as much as that one.
            { ...known, durability: await jobs.confirm(id, asked, { queue: process.queue, isOthers: true }) };
      const seconds = waitSeconds(request.headers.prefer);
      // A preference, which may be passed over: the job is accepted, so there is no reason to refuse it.
      const give = seconds === 0 ? undefined : waits.tryTake(callerOf(request.raw));
      const now =
        give === undefined ? accepted : await jobs.waitFor(accepted.id, seconds * 1000, disconnectSignal(reply, closing)).finally(give);
      const applied = [
        ...(seconds > 0 && now !== undefined && isTerminal(now.status) ? [`wait=${seconds}`] : []),
        ...(preferred !== undefined && accepted.durability === preferred ? [`durability=${preferred}`] : []),
      ];
      if (applied.length > 0) reply.header('preference-applied', applied.join(', '));
      return reply
        .code(201)
        .header('location', `/v1/jobs/${accepted.id}`)
        .send({ ...(now ?? accepted), ...(accepted.durability === undefined ? {} : { durability: accepted.durability }) });
    },
  );
};
