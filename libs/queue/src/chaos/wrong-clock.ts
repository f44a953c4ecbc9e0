import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestRedis, type TestRedis } from '@almanac/testkit';

/**
 * Takes the place of gettimeofday, by which the server tells the date, and adds what the file says. Its monotonic clock stays right, as on
 * a machine whose clock is set. (The library libfaketime does not get on with the server's own memory allocator.)
 */
const source = `
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
static volatile int64_t *seconds;
__attribute__((constructor)) static void open_file(void) {
  int file = open(getenv("CLOCK_FILE"), O_RDONLY);
  if (file >= 0) seconds = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec t;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &t);
  now->tv_sec = t.tv_sec + (seconds ? *seconds : 0);
  now->tv_usec = t.tv_nsec / 1000;
  return 0;
}
`;

export interface WrongClock {
  store: TestRedis;
  /** Sets the server's clock so many seconds ahead; less than 0: behind. */
  set(seconds: number): void;
  end(): Promise<void>;
}

/** A store whose clock can be set. Undefined where it cannot: that takes Linux and a C compiler. */
export async function startWithClock(): Promise<WrongClock | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-clock-'));
  const [code, library, file] = ['clock.c', 'clock.so', 'seconds'].map((name) => join(folder, name)) as [string, string, string];
  const set = (seconds: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(seconds));
    writeFileSync(file, bytes, { flag: 'r+' });
  };
  writeFileSync(file, Buffer.alloc(8));
  writeFileSync(code, source);
  if (process.platform !== 'linux' || spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, code]).status !== 0) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  Object.assign(process.env, { LD_PRELOAD: library, CLOCK_FILE: file });
  try {
    const store = await startTestRedis();
    return {
      store,
      set,
      end: async () => {
        await store.end();
        rmSync(folder, { recursive: true });
      },
    };
  } finally {
    delete process.env.LD_PRELOAD;
    delete process.env.CLOCK_FILE;
  }
}
