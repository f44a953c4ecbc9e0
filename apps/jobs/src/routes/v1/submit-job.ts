import { isTerminal, Job, jobLimits } from '@almanac/domain';
import type { Durability } from '@almanac/job-queue';
import { callerOf, problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { disconnectSignal } from '../../follow/abort-signals.ts';
import { acceptOnce } from '../../submit/accept-once.ts';
import { preferredDurability, waitSeconds } from '../../submit/prefer.ts';
import { readSubmission, SubmissionBody } from '../../submit/submission.ts';
import { describe } from '../describe.ts';

const Headers = Type.Object({
  prefer: Type.Optional(Type.String({ description: 'wait=<seconds>; durability=memory, fsync or replicated', examples: ['wait=10'] })),
  'idempotency-key': Type.Optional(
    Type.String({ description: 'a repeated request with the same key and body within a day returns the same job', examples: ['"7f3c8a"'] }),
  ),
});

const description = describe(
  [
    'Returns the job’s record at once, or with `Prefer: wait=10` when the job has ended, but after at most 10 seconds (limit: 60).',
    'The job uses the current version of its data set.',
    'A job that computes the same as an earlier one gets its results (`cache`: hit).',
    '`Idempotency-Key` makes a retry safe.',
    'Returns 503 with Retry-After if the queue is full.',
  ],
  `--json '{"process":"plot","inputs":{"dataset":"meteorites"}}' http://localhost:5000/v1/jobs`,
);

/** Inputs are measured as minified JSON; the body may also have spaces and escapes. */
const BODY_BYTES = 2 * jobLimits.inputsBytes.value;

export const submitJob: FastifyPluginAsyncTypebox<Context> = async (app, context) => {
  app.post(
    '/v1/jobs',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'submitJob',
        summary: 'Submit a job, for example a plot',
        description,
        headers: Headers,
        body: SubmissionBody,
        response: { 201: ref('Job', Job), default: problemResponse },
      },
      bodyLimit: BODY_BYTES,
      // Which schema the inputs have depends on the process: readSubmission and the process check the body.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const { prefer, 'idempotency-key': key } = request.headers;
      const submission = await readSubmission(request.body, context.registry);
      const preferred = preferredDurability(prefer);
      const accepted = await acceptOnce(context, submission, { key, durability: preferred ?? context.durability }, request);
      const seconds = waitSeconds(prefer);
      const job = seconds === 0 ? accepted : await afterWait(accepted, seconds, context, request, reply);
      reply.headers(preferencesApplied(job, seconds, accepted.durability, preferred));
      return reply
        .code(201)
        .header('location', `/v1/jobs/${accepted.id}`)
        .send({ ...job, ...(accepted.durability === undefined ? {} : { durability: accepted.durability }) });
    },
  );
};

/** The job when it has ended, or as it is after the wait. Without a free place there is no wait, because a preference may be ignored. */
async function afterWait(
  job: Job,
  seconds: number,
  { jobs, waits, closing }: Context,
  { raw }: FastifyRequest,
  reply: FastifyReply,
): Promise<Job> {
  const release = waits.tryTake(callerOf(raw));
  if (release === undefined) return job;
  return (await jobs.waitFor(job.id, seconds * 1000, disconnectSignal(reply, closing)).finally(release)) ?? job;
}

/** The header Preference-Applied (RFC 7240), if any preference was. */
function preferencesApplied(job: Job, seconds: number, durability: Job['durability'], preferred: Durability | undefined) {
  const applied = [
    ...(seconds > 0 && isTerminal(job.status) ? [`wait=${seconds}`] : []),
    ...(preferred !== undefined && durability === preferred ? [`durability=${preferred}`] : []),
  ];
  return applied.length === 0 ? {} : { 'preference-applied': applied.join(', ') };
}
