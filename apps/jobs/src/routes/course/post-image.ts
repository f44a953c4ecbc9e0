import { isTerminal, type Job, ProblemError } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { lastValues } from '@almanac/profiles';
import { callerOf, courseResponses, OPTIONAL_BODY, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { pictureOf } from '../../dialect/picture.ts';
import { readBody } from '../../dialect/request-body.ts';
import { readJob } from '../../job-lookup.ts';
import type { CourseContext } from './context.ts';
import { sendText } from './replies.ts';
import { DatasetQuery, JobBody, MAX_BYTES } from './schemas.ts';

/** If the picture takes longer, the client has to retry. */
const WAIT_MS = 60_000;
/** A deleted job sends no notification, so the wait checks at this interval whether the job still exists. */
const CHECK_MS = 1_000;

export const postImage: FastifyPluginAsyncTypebox<CourseContext> = async (app, { jobs, courseJobs, results, images, waits }) => {
  app.post(
    '/image',
    {
      schema: {
        tags: ['course'],
        querystring: DatasetQuery,
        ...OPTIONAL_BODY,
        operationId: 'coursePostImage',
        summary: 'Draw a picture of the data set and store it',
        body: JobBody,
        response: courseResponses('text'),
      },
      validatorCompiler: skipValidation,
      bodyLimit: MAX_BYTES,
    },
    async (request, reply) => {
      const body = readBody(request.body);
      const dataset = courseJobs.datasetOf(lastValues(request.query), body);
      const release = waits.take(callerOf(request.raw));
      try {
        const { id } = await courseJobs.submit(dataset, body, request);
        await ended(id, jobs);
        await images.save(dataset, await pictureOf(await readJob(jobs, id), results));
      } finally {
        release();
      }
      return sendText(reply, 'Image created');
    },
  );
};

/** Resolves when the job has ended. Throws if it takes too long or is deleted. */
async function ended(id: Job['id'], jobs: Pick<JobQueue, 'waitFor'>): Promise<void> {
  for (const until = Date.now() + WAIT_MS; ; ) {
    const job = await jobs.waitFor(id, CHECK_MS);
    if (job === undefined) throw new ProblemError('gone', `Job ${id} was deleted before its picture was drawn; post again.`);
    if (isTerminal(job.status)) return;
    if (Date.now() > until) throw stillDrawing(id);
  }
}

const stillDrawing = (id: string) =>
  new ProblemError('unavailable', `The picture is still being drawn (job ${id}); post again shortly.`, { headers: { 'retry-after': '5' } });
