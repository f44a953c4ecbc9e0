import type { CourseSettings } from '@almanac/profiles';
import type { ImageStore } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { CourseJobs } from '../../dialect/course-jobs.ts';
import { follow } from './follow.ts';
import { image } from './image.ts';
import { listCourseJobs } from './list-jobs.ts';
import { submit } from './submit.ts';

export interface CourseRoutesOptions extends Context {
  images: ImageStore;
  course: CourseSettings;
}

/** The course's words for jobs. */
export const courseRoutes: FastifyPluginAsyncTypebox<CourseRoutesOptions> = async (
  app,
  { jobs, catalogue, intake, results, images, course, waits },
) => {
  // Bodies are read whatever they say they are: most clients of this dialect say nothing.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  const courseJobs = new CourseJobs(catalogue, intake, course);
  await app.register(submit, { courseJobs });
  await app.register(listCourseJobs, { jobs, edition: course.edition });
  await app.register(follow, { jobs, results });
  await app.register(image, { jobs, courseJobs, results, images, waits });
};
