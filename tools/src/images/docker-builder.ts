import { spawn } from 'node:child_process';
import { createGzip } from 'node:zlib';
import { findProgram, run } from '../system/run.ts';
import { type Builder, buildArguments } from './builder.ts';

/** Whether a Docker daemon runs, not only the client is installed. */
export const hasDockerDaemon = async (): Promise<boolean> => findProgram('docker') !== undefined && (await run('docker', ['info'])).ok;

/** Docker with BuildKit, which infra/Dockerfile needs for its secret and cache. */
export const dockerBuilder: Builder = {
  name: 'docker',
  build: (build, onText) =>
    run('docker', ['build', '--progress=plain', ...buildArguments(build)], { ...process.env, DOCKER_BUILDKIT: '1' }, onText),
  has: async (image) => (await run('docker', ['image', 'inspect', image])).ok,
  tag: (image, name) => run('docker', ['tag', image, name]),
  // `isInsecure` is ignored: plain HTTP is enabled in the configuration of the daemon (insecure-registries).
  push: async (image) => {
    const { ok, output } = await run('docker', ['push', image]);
    const digest = /digest: (sha256:[0-9a-f]{64})/.exec(output)?.[1];
    return ok && digest !== undefined ? { digest } : { problem: output };
  },
  unpackedBytes: async (image) => Number((await run('docker', ['image', 'inspect', '--format', '{{.Size}}', image])).output),
  compressedBytes: (image) =>
    new Promise((resolve, reject) => {
      const child = spawn('docker', ['save', image], { stdio: ['ignore', 'pipe', 'ignore'] });
      let bytes = 0;
      child.once('error', reject);
      child.stdout
        .pipe(createGzip())
        .on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        })
        .once('end', () => resolve(bytes));
    }),
};
