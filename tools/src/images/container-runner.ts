import { findProgram, run } from '../system/run.ts';
import { findBuilder } from './find-builder.ts';
import { nodeStandIn } from './stand-in.ts';

/** What a test of containers needs: something that runs them, and a base that is here or can be pulled. Or why there is none, for `t.skip`. */
export async function containersHere(): Promise<{ program: 'docker' | 'podman'; base: string | undefined } | { skip: string }> {
  const builder = await findBuilder().catch(() => undefined);
  if (builder === undefined) return { skip: 'no docker daemon, buildah or podman on this machine' };
  const program = builder.name === 'docker' ? 'docker' : 'podman';
  if (findProgram(program) === undefined)
    return { skip: `${builder.name} builds images here, and nothing runs them (apt-get install podman runc)` };
  const base = (await builder.has(nodeStandIn.image)) ? nodeStandIn.image : undefined;
  if (base === undefined && !(await run(program, ['pull', '-q', OFFICIAL])).ok) {
    return { skip: `${OFFICIAL} cannot be pulled here, and no stand-in was made (./almanac images build --base-from-debian)` };
  }
  const probe = await run(program, ['run', '--rm', '--network', 'host', base ?? OFFICIAL, 'node', '--version']);
  return probe.ok ? { program, base } : { skip: `${program} cannot run a container here: ${probe.output.split('\n').at(-1)}` };
}

const OFFICIAL = 'docker.io/library/node:24-bookworm-slim';
