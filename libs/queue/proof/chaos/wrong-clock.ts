import { type PreloadedStore, startPreloaded } from './preload.ts';

/**
 * Takes the place of gettimeofday, by which the server tells the date, and adds what is shared: seconds, less than 0 is behind. Its
 * monotonic clock stays right, as on a machine whose clock is set. (The library libfaketime does not get on with the server's own memory
 * allocator.)
 */
const source = `
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec t;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &t);
  now->tv_sec = t.tv_sec + (shared ? *shared : 0);
  now->tv_usec = t.tv_nsec / 1000;
  return 0;
}
`;

/** A store whose clock can be set. Undefined where it cannot. */
export const startWithClock = (): Promise<PreloadedStore | undefined> => startPreloaded(source);
