import { isTerminal, type Job, ProblemError } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { lastValues } from '@almanac/profiles';
import { callerOf, courseResponses, OPTIONAL_BODY, skipValidation } from '@almanac/service';
import type { ImageStore, ResultStore } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { readAsked } from '../../course/asked.ts';
import type { CourseJobs } from '../../course/course-jobs.ts';
import { pictureOf } from '../../course/picture.ts';
import type { Slots } from '../../slots.ts';
import { DatasetQuery, JobBody, MAX_BYTES } from './schemas.ts';

/** A picture that takes longer is told to be on its way. */
const WAIT_MS = 60_000;
/** Who waits for a job is not told that it was deleted: it is looked after so often. */
const LOOK_MS = 1_000;
const TEXT = 'text/plain; charset=utf-8';

export interface ImageOptions {
  jobs: JobQueue;
  courseJobs: CourseJobs;
  results: Pick<ResultStore, 'read'>;
  images: ImageStore;
  waits: Slots;
}

/** The job when it has ended, or as it is when nobody waits for it any longer. Throws where it was deleted meanwhile. */
async function endOf({ id }: Job, jobs: JobQueue): Promise<Job> {
  for (const until = Date.now() + WAIT_MS; ; ) {
    const job = await jobs.waitFor(id, LOOK_MS);
    if (job === undefined) throw new ProblemError('gone', `Job ${id} was deleted before its picture was drawn; post again.`);
    if (isTerminal(job.status) || Date.now() > until) return job;
  }
}

/** The picture of a data set: drawn from its records, kept until it is drawn anew or deleted. */
export const image: FastifyPluginAsyncTypebox<ImageOptions> = async (app, { jobs, courseJobs, results, images, waits }) => {
  const schema = { tags: ['course'], querystring: DatasetQuery };
  const datasetOf = (request: FastifyRequest, asked = {}) => courseJobs.datasetOf(lastValues(request.query), asked);

  const drawn = async (job: Job): Promise<Buffer> => {
    const ended = await endOf(job, jobs);
    if (isTerminal(ended.status)) return pictureOf(ended, { jobs, results });
    throw new ProblemError('unavailable', `The picture is still being drawn (job ${job.id}); post again shortly.`, {
      headers: { 'retry-after': '5' },
    });
  };

  app.post(
    '/image',
    {
      schema: {
        ...schema,
        ...OPTIONAL_BODY,
        operationId: 'coursePostImage',
        summary: 'Draw a picture of the data set and keep it',
        body: JobBody,
        response: courseResponses('text'),
      },
      validatorCompiler: skipValidation,
      bodyLimit: MAX_BYTES,
    },
    async (request, reply) => {
      const asked = readAsked(request.body);
      const dataset = datasetOf(request, asked);
      const give = waits.take(callerOf(request.raw));
      try {
        await images.save(dataset, await drawn(await courseJobs.submit(dataset, asked, request)));
      } finally {
        give();
      }
      return reply.type(TEXT).send('Image created\n' as never);
    },
  );

  app.get(
    '/image',
    {
      schema: { ...schema, operationId: 'courseGetImage', summary: 'The picture of the data set', response: courseResponses('png') },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const dataset = datasetOf(request);
      const png = await images.read(dataset);
      if (png === undefined) throw new ProblemError('unknown-result', `There is no image of data set '${dataset}'. POST /image draws it.`);
      return reply
        .type('image/png')
        .header('cache-control', 'no-cache')
        .header('content-disposition', `attachment; filename="${dataset}.png"`)
        .send(png as never);
    },
  );

  app.delete(
    '/image',
    {
      schema: { ...schema, operationId: 'courseDeleteImage', summary: 'Delete the picture', response: courseResponses('text') },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      await images.remove(datasetOf(request));
      return reply.type(TEXT).send('Image deleted\n' as never);
    },
  );
};
