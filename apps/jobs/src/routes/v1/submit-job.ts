import { isTerminal, Job } from '@almanac/domain';
import { datasetIn, processes } from '@almanac/processes';
import { problemResponse, ref } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { waitSeconds } from '../../prefer.ts';
import { readSubmission } from '../../submission.ts';

const Submission = Type.Object(
  {
    process: Type.Optional(Type.Enum(Object.keys(processes), { default: 'plot', description: 'what is to be done' })),
    inputs: Type.Union(
      Object.values(processes).map(({ Inputs }) => Inputs),
      { description: 'of the process, as GET /v1/processes/{id} describes them' },
    ),
    outputs: Type.Optional(
      Type.Array(Type.Enum([...new Set(Object.values(processes).flatMap(({ Outputs }) => Outputs))]), {
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

export const submitJob: FastifyPluginAsyncTypebox<Context> = async (app, { jobs, catalogue, acceptance }) => {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());

  app.post(
    '/v1/jobs',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'submitJob',
        summary: 'Submit a job, for example a plot',
        description:
          'Answers with the job’s record at once; with `Prefer: wait=10`, once it has ended if that is within 10 seconds (at most 60). The job is bound to the version its data set has now. A job that was done before is answered from that one (`cache`: hit).\n\n```\ncurl --json \'{"process":"plot","inputs":{"dataset":"meteorites"}}\' http://localhost:5000/v1/jobs\n```',
        headers: Type.Object({ prefer: Type.Optional(Type.String({ description: 'wait=<seconds>', examples: ['wait=10'] })) }),
        body: Submission,
        response: { 201: ref('Job', Job), default: problemResponse },
      },
      // The body is checked below, where its data set is known, so that every complaint names what would be right.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const { process, inputs, outputs } = readSubmission(request.body);
      const wanted = datasetIn(inputs);
      const dataset = await catalogue.get(wanted.id, wanted.version);
      const accepted = await acceptance.accept({ process, inputs: inputs as Record<string, unknown>, outputs, dataset }, request);
      const seconds = waitSeconds(request.headers.prefer);
      const now = seconds === 0 ? accepted : await jobs.waitFor(accepted.id, seconds * 1000, untilGone(reply, closing.signal));
      if (seconds > 0 && now !== undefined && isTerminal(now.status)) reply.header('preference-applied', `wait=${seconds}`);
      return reply
        .code(201)
        .header('location', `/v1/jobs/${accepted.id}`)
        .send(now ?? accepted);
    },
  );
};

/** Nobody needs to wait for a caller that left, or in a service that stops. */
function untilGone(reply: FastifyReply, closing: AbortSignal): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, closing]);
}
