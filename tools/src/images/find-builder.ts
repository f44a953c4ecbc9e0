import { Failure } from '../system/failure.ts';
import { findProgram } from '../system/run.ts';
import type { Builder } from './builder.ts';
import { containersBuilder } from './containers-builder.ts';
import { dockerBuilder, hasDockerDaemon } from './docker-builder.ts';

/** Docker where its daemon answers, else buildah, else podman: the latter two need no daemon. ALMANAC_BUILDER allows one alone. */
export async function findBuilder(env: NodeJS.ProcessEnv = process.env): Promise<Builder> {
  const wanted = env.ALMANAC_BUILDER;
  const may = (name: string) => (wanted === undefined || wanted === '' || wanted === name) && findProgram(name) !== undefined;
  if (may('docker') && (await hasDockerDaemon())) return dockerBuilder;
  for (const name of ['buildah', 'podman'] as const) if (may(name)) return containersBuilder(name);
  const hint = findProgram('docker') === undefined ? '' : ' (docker is here, and its daemon does not answer)';
  const only = wanted === undefined || wanted === '' ? '' : ` ALMANAC_BUILDER=${wanted} allows no other.`;
  throw new Failure(
    `There is nothing that builds images here${hint}.${only}\nInstall one, e.g.  sudo apt-get install buildah  (needs no daemon), podman, or Docker with its daemon running.`,
  );
}
