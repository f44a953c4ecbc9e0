import type { CourseSettings } from '@almanac/profiles';
import type { ImageStore } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { CourseJobs } from '../../dialect/course-jobs.ts';
import type { CourseContext } from './context.ts';
import { deleteImage } from './delete-image.ts';
import { deleteJobs } from './delete-jobs.ts';
import { download } from './download.ts';
import { getImage } from './get-image.ts';
import { getJob } from './get-job.ts';
import { getResults } from './get-results.ts';
import { listJobs } from './list-jobs.ts';
import { postImage } from './post-image.ts';
import { submit } from './submit.ts';
import { submitJob } from './submit-job.ts';

export interface CourseRoutesOptions extends Context {
  images: ImageStore;
  course: CourseSettings;
}

const routes = [submitJob, submit, listJobs, deleteJobs, getJob, getResults, download, postImage, getImage, deleteImage];

/** The course dialect's routes for jobs. */
export const courseRoutes: FastifyPluginAsyncTypebox<CourseRoutesOptions> = async (app, options) => {
  const { jobs, catalogue, intake, results, images, course, waits } = options;
  // Most clients of this dialect send no media type, so every body is read as bytes.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  const context: CourseContext = { jobs, results, images, course, waits, courseJobs: new CourseJobs(catalogue, intake, course) };
  for (const route of routes) await app.register(route, context);
};
