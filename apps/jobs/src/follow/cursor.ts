import { invalidParameter } from '@almanac/domain';
import type { Place } from '@almanac/job-queue';

/** The end of a page of jobs, as text for the next request. */
export const cursorOf = ({ created, id }: Place): string => Buffer.from(`${created} ${id}`).toString('base64url');

/** The place that a cursor stands for. Throws ProblemError 400 if it is not a cursor of this list. */
export function placeOf(cursor: string): Place {
  const [, created, id] = /^(\d{1,15}) ([\w.:-]{1,128})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (created === undefined || id === undefined) {
    throw invalidParameter('cursor', cursor, "must be a cursor from the 'next' link of a page");
  }
  return { created: Number(created), id };
}
