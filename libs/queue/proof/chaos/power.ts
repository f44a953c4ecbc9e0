import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRedis } from '@almanac/testkit';
import { type PreloadedStore, startPreloaded } from './preload.ts';

/** Takes the place of what makes a file safe, and shares how much of the append-only file is: as long as it was when that began. */
const source = `
static int synced(int file, long call) {
  char link[64], path[1024];
  struct stat about;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t size = readlink(link, path, sizeof path - 1);
  path[size < 0 ? 0 : size] = 0;
  int is_log = strstr(path, ".incr.aof") != 0 && fstat(file, &about) == 0;
  int result = syscall(call, file);
  if (is_log && result == 0 && shared) *shared = about.st_size;
  return result;
}
int fsync(int file) { return synced(file, SYS_fsync); }
int fdatasync(int file) { return synced(file, SYS_fdatasync); }
`;

function logOf(store: TestRedis): string {
  const folder = join(store.folder, 'appendonlydir');
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.incr.aof')) as string);
}

/** A store of which one knows at any time what a loss of power would leave. */
export class PoweredStore {
  readonly #preloaded: PreloadedStore;

  /** Undefined where there can be none. */
  static async start(options: readonly string[]): Promise<PoweredStore | undefined> {
    const preloaded = await startPreloaded(source, options);
    return preloaded === undefined ? undefined : new PoweredStore(preloaded);
  }

  private constructor(preloaded: PreloadedStore) {
    this.#preloaded = preloaded;
  }

  get store(): TestRedis {
    return this.#preloaded.store;
  }

  /** Bytes that were written and are not safe yet. */
  get atStake(): number {
    return statSync(logOf(this.store)).size - this.#preloaded.get();
  }

  /** The store dies, and what was not safe is gone with it. Answers how many bytes that were, and what is left. */
  async fail(): Promise<{ gone: number; left: string }> {
    await this.store.kill('SIGKILL');
    const gone = this.atStake;
    const log = logOf(this.store);
    truncateSync(log, this.#preloaded.get());
    return { gone, left: readFileSync(log, 'latin1') };
  }

  end(): Promise<void> {
    return this.#preloaded.end();
  }
}
