import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { places } from '../system/places.ts';
import { run } from '../system/run.ts';
import { type Builder, buildArguments } from './builder.ts';

/**
 * Buildah or podman, without a daemon. The isolation `chroot` needs no runtime and no cgroups, so it works in containers and on CI machines;
 * BUILDAH_ISOLATION overrides it. The format is Docker's, because the OCI format has no HEALTHCHECK.
 */
export const containersBuilder = (program: 'buildah' | 'podman'): Builder => ({
  name: program,
  build: (build, onText) =>
    run(
      program,
      [
        'build',
        ...(build.isLocalBase === true ? ['--pull-never'] : []),
        `--isolation=${process.env.BUILDAH_ISOLATION || 'chroot'}`,
        '--network=host',
        '--format=docker',
        '--layers',
        ...buildArguments(build),
      ],
      process.env,
      onText,
    ),
  has: async (image) => (await run(program, ['inspect', '--type', 'image', image])).ok,
  tag: (image, name) => run(program, ['tag', image, name]),
  push: (image, isInsecure) =>
    inFolder(async (folder) => {
      const file = join(folder, 'digest');
      const { ok, output } = await run(program, ['push', `--tls-verify=${!isInsecure}`, '--digestfile', file, image, `docker://${image}`]);
      return ok ? { digest: readFileSync(file, 'utf8').trim() } : { problem: output };
    }),
  unpackedBytes: async (image) => bytesOf((await run(program, ['images', '--format', '{{.Size}}', image])).output),
  compressedBytes: (image) =>
    inFolder(async (folder) => {
      const { ok, output } = await run(program, ['push', '--quiet', image, `oci:${folder}:x`]);
      if (!ok) throw new Error(output);
      const blob = (digest: string) => JSON.parse(readFileSync(join(folder, 'blobs', digest.replace(':', '/')), 'utf8'));
      const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { manifests: [{ digest: string }] };
      const { layers } = blob(index.manifests[0].digest) as { layers: { size: number }[] };
      return layers.reduce((sum, { size }) => sum + size, 0);
    }),
});

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(places.images(), { recursive: true });
  const folder = mkdtempSync(join(places.images(), 'push-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Parses a printed size, in powers of ten: `280 MB`. */
function bytesOf(text: string): number {
  const [, number, unit = 'B'] = /([\d.]+)\s*([kMG]?B)/.exec(text) ?? [];
  return Number(number) * { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }[unit as 'B' | 'kB' | 'MB' | 'GB'];
}
