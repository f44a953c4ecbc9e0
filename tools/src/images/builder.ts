import { Failure } from '../system/failure.ts';
import { findProgram, type Outcome, run } from '../system/run.ts';
import { containersBuilder } from './containers-builder.ts';
import { dockerBuilder } from './docker-builder.ts';

export interface Build {
  image: string;
  /** the folder that is sent to the builder */
  context: string;
  /** the Dockerfile */
  file: string;
  args?: Readonly<Record<string, string>>;
  /** certificate authorities for npm; a secret of the build, never in a layer */
  caFile?: string | undefined;
  /** the base is an image made here: no registry is asked for it */
  isLocalBase?: boolean;
}

/** What makes and sends images. Every call ends with what the program said. */
export interface Builder {
  name: string;
  build(build: Build, onText: (text: string) => void): Promise<Outcome>;
  has(image: string): Promise<boolean>;
  tag(image: string, name: string): Promise<Outcome>;
  /** the digest under which the registry keeps it, or what went wrong */
  push(image: string, isInsecure: boolean): Promise<{ digest: string } | { problem: string }>;
  /** bytes on disk, every layer counted */
  unpackedBytes(image: string): Promise<number>;
  /** bytes that travel: the layers as a registry keeps them */
  compressedBytes(image: string): Promise<number>;
}

/** Docker where its daemon answers, else buildah, else podman: the latter two need no daemon. ALMANAC_BUILDER allows one alone. */
export async function findBuilder(env: NodeJS.ProcessEnv = process.env): Promise<Builder> {
  const wanted = env.ALMANAC_BUILDER;
  const may = (name: string) => (wanted === undefined || wanted === '' || wanted === name) && findProgram(name) !== undefined;
  if (may('docker') && (await run('docker', ['info'])).ok) return dockerBuilder;
  for (const name of ['buildah', 'podman'] as const) if (may(name)) return containersBuilder(name);
  const hint = findProgram('docker') === undefined ? '' : ' (docker is here, and its daemon does not answer)';
  const only = wanted === undefined || wanted === '' ? '' : ` ALMANAC_BUILDER=${wanted} allows no other.`;
  throw new Failure(
    `There is nothing that builds images here${hint}.${only}\nInstall one, e.g.  sudo apt-get install buildah  (needs no daemon), podman, or Docker with its daemon running.`,
  );
}
