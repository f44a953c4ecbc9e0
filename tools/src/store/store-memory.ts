import { totalmem } from 'node:os';
import { usageError } from '../system/failure.ts';

const units: Readonly<Record<string, number>> = { '': 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };
/** A store needs about 1 MB for itself; below this, no data set fits. */
const LEAST = 16 * 2 ** 20;

/** Half of the machine's memory (of the container's, if that is less): while Redis rewrites its log it may need the data twice. */
export const defaultStoreBytes = (): number => Math.floor(Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2);

/** Parses a size in the format of Redis (`512mb`, `2gb`). Returns bytes. Throws a usage error that names `setting`. */
export function storeBytes(text: string, setting: string): number {
  const [, number, unit] = /^(\d{1,12})(|kb|mb|gb)$/i.exec(text.trim()) ?? [];
  const bytes = Number(number) * (units[unit?.toLowerCase() ?? ''] as number);
  if (!(bytes >= LEAST)) throw usageError(`${setting} ${text}: must be a size of at least 16mb, such as 512mb or 2gb`);
  return bytes;
}
