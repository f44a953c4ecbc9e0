import { ProblemError, shown } from '@almanac/domain';
import { LAYOUT } from './keys.ts';

export const unreadableLayout = (id: string, layout: number) =>
  new ProblemError(
    'unavailable',
    `Data set '${id}' is stored in layout ${layout}; this service reads ${LAYOUT - 1} and ${LAYOUT}. Upgrade it.`,
    {
      headers: { 'retry-after': '30' },
    },
  );

export const versionConflict = (id: string, wanted: string, current: string | undefined) =>
  new ProblemError(
    'precondition-failed',
    `Data set '${id}' is ${current === undefined ? 'not there any more' : `at version ${current}`}, not at ${shown(wanted)}: read it again, then repeat the write.`,
    { extra: current === undefined ? {} : { version: current } },
  );

export const setExists = (id: string) =>
  new ProblemError('conflict', `Data set '${id}' was to be loaded only if nobody had loaded or deleted it before, and somebody has.`);

export const stagingLost = (id: string) =>
  new ProblemError(
    'store-unavailable',
    `The load of '${id}' took too long between two writes and its staged rows are gone. Nothing was changed; load it again.`,
    {
      headers: { 'retry-after': '1' },
    },
  );

export const versionGone = (id: string, wanted: string, readable: readonly string[]) =>
  new ProblemError('gone', `Version ${shown(wanted)} of data set '${id}' cannot be read (any more); readable: ${readable.join(', ')}.`, {
    extra: { readable },
  });

export const storeFull = (id: string, needed: number, free: number) =>
  new ProblemError(
    'store-full',
    `Data set '${id}' will not fit: it needs about ${needed.toLocaleString('en')} bytes and the store has ${free.toLocaleString('en')} free. Nothing was changed; delete data sets or raise the store's maxmemory.`,
    { extra: { neededBytes: needed, freeBytes: free } },
  );
