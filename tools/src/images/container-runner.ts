import { findProgram, run } from '../system/run.ts';
import { findBuilder } from './find-builder.ts';
import { nodeStandIn } from './stand-in.ts';

/** Returns what a test of containers needs: a program that runs them, and a base image. Or the reason to skip the test. */
export async function containersHere(): Promise<{ program: 'docker' | 'podman'; base: string | undefined } | { skip: string }> {
  const builder = await findBuilder().catch(() => undefined);
  if (builder === undefined) return { skip: 'no docker daemon, buildah or podman on this machine' };
  const program = builder.name === 'docker' ? 'docker' : 'podman';
  if (findProgram(program) === undefined)
    return { skip: `${builder.name} can build images here, but no program can run them (apt-get install podman runc)` };
  const base = (await builder.has(nodeStandIn.image)) ? nodeStandIn.image : undefined;
  if (base === undefined && !(await run(program, ['pull', '-q', OFFICIAL])).ok) {
    return { skip: `${OFFICIAL} cannot be pulled here, and there is no stand-in (./almanac images build --base-from-debian)` };
  }
  const probe = await run(program, ['run', '--rm', '--network', 'host', base ?? OFFICIAL, 'node', '--version']);
  return probe.ok ? { program, base } : { skip: `${program} cannot run a container here: ${probe.output.split('\n').at(-1)}` };
}

const OFFICIAL = 'docker.io/library/node:24-bookworm-slim';
