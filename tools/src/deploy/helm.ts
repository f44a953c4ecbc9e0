import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import { root } from '../system/places.ts';
import { findHelm } from './find-helm.ts';
import type { Place } from './options.ts';

export interface Release {
  name: string;
  revision: number;
  status: string;
  chart: string;
}

/** One revision of a release. */
export interface Revision {
  revision: number;
  status: string;
  description: string;
}

/** The image of a service. A digest takes precedence over a tag. */
export interface ImageChoice {
  tag?: string | undefined;
  /** sha256:... */
  digest?: string | undefined;
}

const exec = promisify(execFile);

export const ownChart = join(root, 'helm/almanac');

/** Calls helm for one release. All changes of the cluster are made by helm, so that it has them in its history. */
export class Helm {
  readonly #program: string;
  readonly #place: Place;

  constructor(program: string, place: Place) {
    this.#program = program;
    this.#place = place;
  }

  static async find(place: Place): Promise<Helm> {
    return new Helm(await findHelm(), place);
  }

  /** Returns the release. Throws a Failure that lists the existing ones if it does not exist. */
  async release(): Promise<Release> {
    const { release, namespace } = this.#place;
    const all = await this.releases();
    const found = all.find(({ name }) => name === release);
    if (found !== undefined) return found;
    const names = all.map(({ name }) => name);
    const there = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
    const where = namespace === undefined ? "the context's namespace" : `namespace ${namespace}`;
    throw new Failure(
      `No release '${release}' in ${where} (${there})${didYouMean(release, names, '--release ')}\nSet --release and --namespace, or install it:  helm install ${release} helm/almanac`,
    );
  }

  /** Returns all releases of the namespace, in any state. */
  async releases(): Promise<Release[]> {
    // helm 4 lists every state by default and has no --all.
    const states = ['--deployed', '--failed', '--pending', '--superseded', '--uninstalling'];
    const listed = JSON.parse(await this.run(['list', ...states, '--output', 'json'])) as (Omit<Release, 'revision'> & {
      revision: string;
    })[];
    return listed.map(({ name, revision, status, chart }) => ({ name, revision: Number(revision), status, chart }));
  }

  /** Returns the revisions that helm has kept, oldest first. */
  async history(): Promise<Revision[]> {
    return JSON.parse(await this.run(['history', this.#place.release, '--output', 'json']));
  }

  /** Changes only the image of one service. As strings, because the tag 1.10 is not a number. Without a digest, an earlier one is removed. */
  async upgradeImage(service: string, { tag, digest = '' }: ImageChoice, chart = ownChart): Promise<void> {
    const image = `services.${service}.image`;
    const sets = [...(tag === undefined ? [] : [`${image}.tag=${tag}`]), `${image}.digest=${digest}`];
    await this.run(['upgrade', this.#place.release, chart, '--reset-then-reuse-values', ...sets.flatMap((set) => ['--set-string', set])]);
  }

  async rollback(revision: number): Promise<void> {
    await this.run(['rollback', this.#place.release, String(revision)]);
  }

  /** Runs helm. Returns its output. Throws a Failure with helm's error. */
  async run(args: readonly string[]): Promise<string> {
    const { namespace, kubeconfig, context } = this.#place;
    const where = [
      ...(namespace === undefined ? [] : ['--namespace', namespace]),
      ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
      ...(context === undefined ? [] : ['--kube-context', context]),
    ];
    try {
      return (await exec(this.#program, [...args, ...where], { maxBuffer: 1 << 26 })).stdout;
    } catch (error) {
      const { stderr, message } = error as Error & { stderr?: string };
      throw new Failure(`helm ${args[0]} failed: ${withoutWarnings(stderr || message)}`);
    }
  }
}

/** Removes helm's warning that others can read the kubeconfig: it is not the error. */
const withoutWarnings = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^(WARNING: Kubernetes configuration file|level=WARN)/.test(line))
    .join('\n')
    .trim();
