import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@almanac/tools/client/client.ts';
import { Cluster } from '@almanac/tools/deploy/cluster.ts';
import { findHelm } from '@almanac/tools/deploy/find-helm.ts';
import { Helm, ownChart } from '@almanac/tools/deploy/helm.ts';
import type { Place } from '@almanac/tools/deploy/options.ts';
import { waitForRollout } from '@almanac/tools/deploy/rollout.ts';
import { Failure } from '@almanac/tools/system/failure.ts';
import { type Output, secondsSince } from '@almanac/tools/system/output.ts';
import { answers } from '@almanac/tools/up/answers.ts';
import { apps } from '@almanac/tools/up/plan.ts';
import { ACCOUNT } from './account.ts';
import { Admin } from './kubernetes/admin.ts';
import { claimNames, deleteClaim } from './kubernetes/disturb.ts';
import type { LoadReport } from './load/report.ts';
import type { Settings } from './settings.ts';

/** What the steps share: the cluster, twice (as its administrator and as the account that may do little), and the release. */
export class Testbed {
  readonly settings: Settings;
  readonly out: Output;
  readonly admin: Admin;
  /** every load of the run, for the report */
  readonly loads: Record<string, LoadReport> = {};
  #helm: string | undefined;
  #door: string | undefined;

  constructor(settings: Settings, out: Output) {
    this.settings = settings;
    this.out = out;
    this.admin = new Admin(settings.kubeconfig, settings.context);
    mkdirSync(settings.folder, { recursive: true });
  }

  /** The account's own kubeconfig: everything after the first step goes by it. */
  get accountFile(): string {
    return join(this.settings.folder, 'account.kubeconfig');
  }

  get place(): Place {
    return { release: this.settings.release, namespace: this.settings.namespace, kubeconfig: this.accountFile, context: undefined };
  }

  get cluster(): Cluster {
    return new Cluster(this.place);
  }

  async renewAccount(): Promise<void> {
    const config = await this.admin.accountConfig(this.settings.namespace, ACCOUNT);
    writeFileSync(this.accountFile, config, { mode: 0o600 });
  }

  async helmProgram(): Promise<string> {
    this.#helm ??= this.settings.helms[0] ?? (await findHelm());
    return this.#helm;
  }

  async helm(place = this.place): Promise<Helm> {
    return new Helm(await this.helmProgram(), place);
  }

  /** Installs the release where it is not there, and waits until it is ready. Returns the seconds from the start of helm to ready. */
  async install(more: readonly string[] = []): Promise<number> {
    const start = performance.now();
    const values = ['--values', join(ownChart, 'values-test.yaml')];
    await (await this.helm()).run(['install', this.settings.release, ownChart, ...values, ...this.values(), ...more]);
    await waitForRollout(this.cluster, { out: this.quiet, timeoutMs: 300_000 });
    this.#door = undefined;
    return (performance.now() - start) / 1000;
  }

  /** Removes the release where it is there, and waits until its pods are gone: a quota counts those that are still ending. */
  async uninstall(): Promise<void> {
    if (!(await this.isInstalled())) return;
    await (await this.helm()).run(['uninstall', this.settings.release, '--wait']);
    await this.untilEnded();
  }

  /** Pods that are told to end go on for a while: taking jobs, counting for a quota. */
  async untilEnded(): Promise<void> {
    while ((await this.cluster.pods()).some(({ metadata }) => metadata?.deletionTimestamp !== undefined)) await sleep(500);
  }

  /** The store's volume, with all that is in it. */
  async deleteData(): Promise<void> {
    const claim = `data-${this.settings.release}-redis-0`;
    if (!(await claimNames(this.cluster)).includes(claim)) return;
    await deleteClaim(this.cluster, claim);
    while ((await claimNames(this.cluster)).includes(claim)) await sleep(500);
  }

  /** What is set for every install: the images, two of everything (a lone pod cannot be replaced without a gap), a way in. */
  values(): string[] {
    const { registry, tags, set } = this.settings;
    const two = apps.map((service) => `services.${service}.replicas=2`);
    const images = [...(registry === undefined ? [] : [`global.imageRegistry=${registry}`]), `image.pullPolicy=IfNotPresent`];
    const tag = ['--set-string', `image.tag=${tags[0]}`];
    return [...[...images, 'nodePort.enabled=true', ...two].flatMap((value) => ['--set', value]), ...tag, ...set];
  }

  async isInstalled(): Promise<boolean> {
    return (await (await this.helm()).releases()).some(({ name }) => name === this.settings.release);
  }

  /** The public door: the gateway's port on a node. */
  async door(): Promise<string> {
    this.#door ??= await this.#findDoor();
    return this.#door;
  }

  async #findDoor(): Promise<string> {
    const { release, namespace, door } = this.settings;
    const { cluster } = this;
    const service = await cluster.ask('read the gateway’s service', () =>
      cluster.core.readNamespacedService({ name: `${release}-gateway-nodeport`, namespace }),
    );
    const port = service.spec?.ports?.[0]?.nodePort;
    for (const host of door === undefined ? await this.admin.nodeAddresses() : [door]) {
      const url = `http://${host}:${port}`;
      if (await isReached(url)) return url;
    }
    throw new Failure(`The gateway's port ${port} is not reached on any node from here: name one by --door HOST`);
  }

  async client(): Promise<Client> {
    return new Client(await this.door());
  }

  /** A voice for what is only of interest when it fails. */
  get quiet(): Output {
    return { line: () => {}, progress: (text) => this.out.progress(`    ${text}`) };
  }

  /** Says what is done, and how long it took. */
  async timed<T>(what: string, action: () => Promise<T>): Promise<T> {
    const start = performance.now();
    this.out.progress(`  ${what}`);
    const result = await action();
    this.out.line(`  ${what}: ${secondsSince(start)}`);
    return result;
  }
}

/** After a start some seconds pass until the node's rules are there. */
async function isReached(url: string, timeoutMs = 20_000): Promise<boolean> {
  for (const start = performance.now(); performance.now() - start < timeoutMs; ) {
    if (await answers(`${url}/livez`, 2_000)) return true;
    await sleep(300);
  }
  return false;
}
