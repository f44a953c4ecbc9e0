import { ProblemError, shown } from '@almanac/domain';
import { LAYOUT } from './keys.ts';

export const unreadableLayout = (id: string, layout: number) =>
  new ProblemError(
    'unavailable',
    `Data set '${id}' is stored in layout ${layout}; this service reads layouts ${LAYOUT - 1} and ${LAYOUT}. Upgrade the service.`,
    {
      headers: { 'retry-after': '30' },
    },
  );

export const versionConflict = (id: string, wanted: string, current: string | undefined) =>
  new ProblemError(
    'precondition-failed',
    `Data set '${id}' ${current === undefined ? 'no longer exists' : `is at version ${current}`}, not at ${shown(wanted)}. Read it again, then retry the write.`,
    { extra: current === undefined ? {} : { version: current } },
  );

export const setExists = (id: string) =>
  new ProblemError('conflict', `Data set '${id}' was to be loaded only if it had never existed, and it was loaded or deleted before.`);

export const stagingLost = (id: string) =>
  new ProblemError(
    'store-unavailable',
    `The load of '${id}' paused too long between two writes, and its staged rows expired. Nothing was changed. Load the data set again.`,
    {
      headers: { 'retry-after': '1' },
    },
  );

export const versionGone = (id: string, wanted: string, readable: readonly string[]) =>
  new ProblemError('gone', `Version ${shown(wanted)} of data set '${id}' is not available. Available: ${readable.join(', ')}.`, {
    extra: { readable },
  });

export const storeFull = (id: string, needed: number, free: number) =>
  new ProblemError(
    'store-full',
    `Data set '${id}' does not fit: it needs about ${needed.toLocaleString('en')} bytes and the store has ${free.toLocaleString('en')} free. Nothing was changed. Delete data sets or raise the store's maxmemory.`,
    { extra: { neededBytes: needed, freeBytes: free } },
  );
