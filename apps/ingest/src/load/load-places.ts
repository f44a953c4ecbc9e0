import { loadLimits, ProblemError, withUnit } from '@almanac/domain';
import { FairPlaces } from '@almanac/service';

/** Bounds how many loads of this process run at once. Clients share the places; the other loads wait some seconds. */
export const loadPlaces = (): FairPlaces =>
  new FairPlaces({
    places: loadLimits.loadsAtOnce.value,
    waiting: loadLimits.loadsWaiting.value,
    waitMs: loadLimits.loadWaitMs.value,
    busy: tooManyLoads,
  });

function tooManyLoads(count: number): ProblemError {
  const { value, unit } = loadLimits.loadsAtOnce;
  return new ProblemError(
    'unavailable',
    `Too many loads run or wait: ${withUnit(count, unit)}, the limit is ${withUnit(value, unit)} at once, at most half of them for one client. Retry in a few seconds.`,
    { headers: { 'retry-after': '5' } },
  );
}
