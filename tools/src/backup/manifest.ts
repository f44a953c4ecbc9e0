import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import { shownPath } from '../system/places.ts';

/** The manifest that the script writes beside each backup, as JSON. */
export interface Manifest {
  file: string;
  /** RFC 3339 */
  time: string;
  /** the version of the store that wrote it */
  server: string;
  bytes: number;
  sha256: string;
  keys: number | null;
  /** number of a database -> its keys */
  databases: Record<string, number>;
}

/** Returns the backups of a folder, newest first. */
export const backupsIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.rdb'))
        .sort()
        .reverse()
    : [];

/** Returns the backup that the user named: a path, or a name in the folder. Throws a Failure if there is none. */
export function findBackup(name: string, folder: string): string {
  const found = [name, join(folder, name), `${join(folder, name)}.rdb`].find((path) => existsSync(path) && statSync(path).isFile());
  if (found !== undefined) return found;
  const backups = backupsIn(folder);
  throw new Failure(`No such backup: ${name}${didYouMean(basename(name), backups)}\n${listed(folder)}`);
}

export function listed(folder: string): string {
  const backups = backupsIn(folder);
  if (backups.length === 0) return `No backups in ${shownPath(folder)}: ./almanac backup writes one`;
  return `Backups in ${shownPath(folder)}, newest first:\n${backups.map((name) => `  ${name}`).join('\n')}`;
}

const readManifest = (file: string): Partial<Manifest> => {
  const path = join(dirname(file), `${basename(file, '.rdb')}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : {};
};

/** Verifies a backup before Almanac is stopped for it. Throws a Failure that names the error and the fix. */
export async function examineBackup(file: string): Promise<Partial<Manifest>> {
  const manifest = readManifest(file);
  const { size } = statSync(file);
  const other = 'use another backup, or copy the file again';
  if (manifest.bytes !== undefined && manifest.bytes !== size)
    throw new Failure(`${file} has ${size} bytes, but its manifest says ${manifest.bytes}: it is truncated or modified; ${other}`);
  const sums = `${file}.sha256`;
  if (!existsSync(sums)) throw new Failure(`${sums} is missing. If you trust the file:  sha256sum ${basename(file)} > ${sums}`);
  const expected = readFileSync(sums, 'utf8').split(' ', 1)[0]?.trim();
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  const sum = hash.digest('hex');
  if (sum !== expected)
    throw new Failure(`${file} has the SHA-256 ${sum}, but its .sha256 file says ${expected}: it is modified; ${other}`);
  const head = await headOf(file);
  if (!/^(REDIS|VALKEY)\d{3,4}/.test(head)) throw new Failure(`${file} is not an RDB file: it starts with ${JSON.stringify(head)}`);
  return manifest;
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(9), 0, 9, 0);
  await handle.close();
  return buffer.subarray(0, bytesRead).toString('latin1');
}
