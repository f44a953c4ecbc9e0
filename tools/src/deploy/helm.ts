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

/** Which image of a service: a digest wins over a tag. */
export interface ImageChoice {
  tag?: string | undefined;
  /** sha256:... */
  digest?: string | undefined;
}

const exec = promisify(execFile);

export const ownChart = join(root, 'helm/almanac');

/** Calls helm for one release. Everything that changes the cluster goes this way, so that helm knows of it. */
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

  /** The release, or a Failure that lists those that are there. */
  async release(): Promise<Release> {
    const { release, namespace } = this.#place;
    const all = await this.releases();
    const found = all.find(({ name }) => name === release);
    if (found !== undefined) return found;
    const names = all.map(({ name }) => name);
    const there = names.length === 0 ? 'there is none' : `there: ${names.join(', ')}`;
    const where = namespace === undefined ? "the context's namespace" : `namespace ${namespace}`;
    throw new Failure(
      `No release '${release}' in ${where} (${there})${didYouMean(release, names, '--release ')}\nName another by --release and --namespace, or install it:  helm install ${release} helm/almanac`,
    );
  }

  /** All of the namespace, whatever state they are in. */
  async releases(): Promise<Release[]> {
    // helm 4 lists every state by itself and no longer knows --all.
    const states = ['--deployed', '--failed', '--pending', '--superseded', '--uninstalling'];
    const listed = JSON.parse(await this.run(['list', ...states, '--output', 'json'])) as (Omit<Release, 'revision'> & {
      revision: string;
    })[];
    return listed.map(({ name, revision, status, chart }) => ({ name, revision: Number(revision), status, chart }));
  }

  /** The revisions that helm still knows, the oldest first. */
  async history(): Promise<Revision[]> {
    return JSON.parse(await this.run(['history', this.#place.release, '--output', 'json']));
  }

  /** One service's image and nothing else. Text, because a tag like 1.10 is no number; a digest that is left out is taken away. */
  async upgradeImage(service: string, { tag, digest = '' }: ImageChoice, chart = ownChart): Promise<void> {
    const image = `services.${service}.image`;
    const sets = [...(tag === undefined ? [] : [`${image}.tag=${tag}`]), `${image}.digest=${digest}`];
    await this.run(['upgrade', this.#place.release, chart, '--reset-then-reuse-values', ...sets.flatMap((set) => ['--set-string', set])]);
  }

  async rollback(revision: number): Promise<void> {
    await this.run(['rollback', this.#place.release, String(revision)]);
  }

  /** What helm printed. Throws a Failure with helm's own words. */
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
      throw new Failure(`helm ${args[0]} did not work: ${withoutWarnings(stderr || message)}`);
    }
  }
}

/** Of a kubeconfig that others may read: true, and not what went wrong. */
const withoutWarnings = (said: string): string =>
  said
    .split('\n')
    .filter((line) => !/^(WARNING: Kubernetes configuration file|level=WARN)/.test(line))
    .join('\n')
    .trim();
