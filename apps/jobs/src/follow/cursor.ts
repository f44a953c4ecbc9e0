import { invalidParameter } from '@almanac/domain';
import type { Place } from '@almanac/job-queue';

/** Where a page of jobs ended, as the next request says it. */
export const cursorOf = ({ created, id }: Place): string => Buffer.from(`${created} ${id}`).toString('base64url');

/** Throws ProblemError 400 for what is no cursor of ours. */
export function placeOf(cursor: string): Place {
  const [, created, id] = /^(\d{1,15}) ([\w.:-]{1,128})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (created === undefined || id === undefined) {
    throw invalidParameter('cursor', cursor, "it is no cursor of this list: take it from a page's 'next' link");
  }
  return { created: Number(created), id };
}
