import { readFile } from 'node:fs/promises';

const PAGE_BYTES = 4096;
const EVERY_MS = 50;

/**
 * Calls `onExceeded` once when a process holds more memory than `mostBytes` (its resident set), until the returned function is called. The heap
 * limit of V8 covers neither pixels nor rows, and the kernel would end whichever process of the container it likes. Only on Linux; elsewhere
 * nothing is watched.
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

/** Undefined if the process has ended, or the system does not tell. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const [, pages] = (await readFile(`/proc/${pid}/statm`, 'latin1')).split(' ');
    return Number(pages) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}
