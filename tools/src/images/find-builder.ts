import { Failure } from '../system/failure.ts';
import { findProgram } from '../system/run.ts';
import type { Builder } from './builder.ts';
import { containersBuilder } from './containers-builder.ts';
import { dockerBuilder, hasDockerDaemon } from './docker-builder.ts';

/** Returns Docker if its daemon runs, else buildah or podman, which need no daemon. ALMANAC_BUILDER selects one of them. */
export async function findBuilder(env: NodeJS.ProcessEnv = process.env): Promise<Builder> {
  const wanted = env.ALMANAC_BUILDER;
  const may = (name: string) => (wanted === undefined || wanted === '' || wanted === name) && findProgram(name) !== undefined;
  if (may('docker') && (await hasDockerDaemon())) return dockerBuilder;
  for (const name of ['buildah', 'podman'] as const) if (may(name)) return containersBuilder(name);
  const hint = findProgram('docker') === undefined ? '' : ' (docker is installed, but its daemon does not run)';
  const only = wanted === undefined || wanted === '' ? '' : ` ALMANAC_BUILDER=${wanted} excludes the others.`;
  throw new Failure(
    `No program that builds images was found${hint}.${only}\nInstall one, e.g.  sudo apt-get install buildah  (needs no daemon), podman, or Docker with its daemon running.`,
  );
}
