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
    `Too many loads run or wait here: ${withUnit(count, unit)}, the limit is ${withUnit(value, unit)} at once, and one client gets half of these places at most. Retry in a few seconds.`,
    { headers: { 'retry-after': '5' } },
  );
}
