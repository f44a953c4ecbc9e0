import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasDockerDaemon } from '../images/docker-builder.ts';
import { Failure } from '../system/failure.ts';
import { socketFolder } from '../system/places.ts';
import { findProgram, type Outcome, run } from '../system/run.ts';
import { type ComposeSettings, composeFile } from './settings.ts';

/** A program that runs compose files. */
export interface ComposeRunner {
  name: string;
  compose(args: readonly string[], settings: ComposeSettings, onText?: (text: string) => void): Promise<Outcome>;
}

/**
 * Finds `docker compose` or docker-compose if Docker's daemon runs; else docker-compose over a socket that podman serves during the call; else
 * podman-compose, which breaks health checks (1.0.3), but podman without systemd does not run them anyway.
 */
export async function findComposeRunner(): Promise<ComposeRunner> {
  const has = (name: string) => findProgram(name) !== undefined;
  const hasDaemon = await hasDockerDaemon();
  if (hasDaemon && (await run('docker', ['compose', 'version'])).ok) return plain('docker compose', ['docker', 'compose']);
  if (hasDaemon && has('docker-compose')) return plain('docker-compose', ['docker-compose']);
  if (has('podman') && has('docker-compose')) return overPodman;
  if (has('podman-compose')) return plain('podman-compose', ['podman-compose']);
  throw new Failure(
    'No program that runs compose files is installed. Install Docker with its compose plugin, or: sudo apt-get install podman docker-compose\nWithout containers, ./almanac up runs the same services.',
  );
}

const argumentsFor = (args: readonly string[], { file }: ComposeSettings): string[] => ['--env-file', file, '-f', composeFile, ...args];

const plain = (name: string, [command, ...first]: readonly string[]): ComposeRunner => ({
  name,
  compose: (args, settings, onText) => run(command as string, [...first, ...argumentsFor(args, settings)], settings.env, onText),
});

const overPodman: ComposeRunner = {
  name: 'docker-compose with podman',
  async compose(args, settings, onText) {
    const socket = join(socketFolder(), 'podman.sock');
    const service = spawn('podman', ['system', 'service', '--time=0', `unix://${socket}`], { stdio: 'ignore' });
    try {
      await socketThere(service, socket);
      return await run('docker-compose', argumentsFor(args, settings), { ...settings.env, DOCKER_HOST: `unix://${socket}` }, onText);
    } finally {
      service.kill('SIGTERM');
    }
  },
};

async function socketThere(service: ChildProcess, socket: string): Promise<void> {
  for (let i = 0; !existsSync(socket); i++) {
    if (i === 100 || service.exitCode !== null)
      throw new Failure(`podman did not open ${socket}: try  podman system service --time=0 unix://${socket}`);
    await sleep(100);
  }
}
