import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestRedis, type TestRedis } from '@almanac/testkit';

/** What the library and we share: whole numbers in a file that it has in its memory. */
const prelude = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static volatile int64_t *shared;
__attribute__((constructor)) static void open_file(void) {
  int file = open(getenv("SHARED_FILE"), O_RDWR);
  if (file >= 0) shared = mmap(0, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
}
`;

/** A store in which some functions of the system are replaced by our own, and the number it shares with us. */
export interface PreloadedStore {
  store: TestRedis;
  get(): number;
  set(value: number): void;
  end(): Promise<void>;
}

/** Why none can be started here. */
export const needsCompiler = 'a store with functions of the system replaced takes Linux and a C compiler';

/** Starts a store with what `source` (C) defines in place of the system's own. Undefined where that takes what is not here. */
export async function startPreloaded(source: string, options: readonly string[] = []): Promise<PreloadedStore | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-preload-'));
  const [code, library, file] = ['code.c', 'code.so', 'shared'].map((name) => join(folder, name)) as [string, string, string];
  writeFileSync(code, prelude + source);
  writeFileSync(file, Buffer.alloc(8));
  if (process.platform !== 'linux' || spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, code]).status !== 0) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  Object.assign(process.env, { LD_PRELOAD: library, SHARED_FILE: file });
  try {
    const store = await startTestRedis(options);
    return {
      store,
      get: () => Number(readFileSync(file).readBigInt64LE()),
      set: (value) => {
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64LE(BigInt(value));
        writeFileSync(file, bytes, { flag: 'r+' });
      },
      end: async () => {
        await store.end();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } finally {
    delete process.env.LD_PRELOAD;
    delete process.env.SHARED_FILE;
  }
}
