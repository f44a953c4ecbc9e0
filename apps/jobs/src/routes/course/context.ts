import type { CourseSettings } from '@almanac/profiles';
import type { ImageStore } from '@almanac/store';
import type { Context } from '../../context.ts';
import type { CourseJobs } from '../../dialect/course-jobs.ts';

/** What the course routes can use. */
export interface CourseContext extends Pick<Context, 'jobs' | 'results' | 'waits'> {
  courseJobs: CourseJobs;
  images: ImageStore;
  course: CourseSettings;
}
