import { readFile } from 'node:fs/promises';

const PAGE_BYTES = 4096;
const EVERY_MS = 50;

/**
 * Calls `onExceeded` once if the resident set of a process exceeds `mostBytes`. Stops when the returned function is called. V8's heap limit
 * includes neither pixels nor rows, and the kernel would kill any process of the container. On other systems than Linux it does nothing.
 */
export function watchMemory(pid: number, mostBytes: number, onExceeded: (bytes: number) => void): () => void {
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    const bytes = await residentBytes(pid);
    isLooking = false;
    if (bytes === undefined || bytes <= mostBytes) return;
    clearInterval(timer);
    onExceeded(bytes);
  }, EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** The resident set of a process. Undefined if the process has ended or the system does not report it. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const [, pages] = (await readFile(`/proc/${pid}/statm`, 'latin1')).split(' ');
    return Number(pages) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}
