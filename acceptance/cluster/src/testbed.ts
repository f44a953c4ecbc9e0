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
import { isOk } from '@almanac/tools/up/is-ok.ts';
import { apps } from '@almanac/tools/up/plan.ts';
import { ACCOUNT } from './account.ts';
import { Admin } from './kubernetes/admin.ts';
import { claimNames, deleteClaim } from './kubernetes/disturb.ts';
import type { LoadReport } from './load/report.ts';
import type { Settings } from './settings.ts';

/** What the steps share: the cluster (as administrator and as the restricted account), and the release. */
export class Testbed {
  readonly settings: Settings;
  readonly out: Output;
  readonly admin: Admin;
  /** every load of the run, for the report */
  readonly loads: Record<string, LoadReport> = {};
  #helm: string | undefined;
  #url: string | undefined;

  constructor(settings: Settings, out: Output) {
    this.settings = settings;
    this.out = out;
    this.admin = new Admin(settings.kubeconfig, settings.context);
    mkdirSync(settings.folder, { recursive: true });
  }

  /** The kubeconfig of the account, which all steps after the first use. */
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

  /** Installs the release and waits until it is ready. Returns the seconds from the start of helm until ready. */
  async install(more: readonly string[] = []): Promise<number> {
    const start = performance.now();
    const values = ['--values', join(ownChart, 'values-test.yaml')];
    await (await this.helm()).run(['install', this.settings.release, ownChart, ...values, ...this.values(), ...more]);
    await waitForRollout(this.cluster, { out: this.quiet, timeoutMs: 300_000 });
    this.#url = undefined;
    return (performance.now() - start) / 1000;
  }

  /** Removes the release if it exists, and waits until its pods have ended: a quota counts terminating pods. */
  async uninstall(): Promise<void> {
    if (!(await this.isInstalled())) return;
    await (await this.helm()).run(['uninstall', this.settings.release, '--wait']);
    await this.untilEnded();
  }

  /** Waits until no pod is terminating: such pods still take jobs and count for a quota. */
  async untilEnded(): Promise<void> {
    while ((await this.cluster.pods()).some(({ metadata }) => metadata?.deletionTimestamp !== undefined)) await sleep(500);
  }

  /** Deletes the volume of the store with its data. */
  async deleteData(): Promise<void> {
    const claim = `data-${this.settings.release}-redis-0`;
    if (!(await claimNames(this.cluster)).includes(claim)) return;
    await deleteClaim(this.cluster, claim);
    while ((await claimNames(this.cluster)).includes(claim)) await sleep(500);
  }

  /** Values for every install: the images, two replicas (a single pod cannot be replaced without a gap), a node port. */
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

  /** The public URL: the port of the gateway on a node. */
  async url(): Promise<string> {
    this.#url ??= await this.#findUrl();
    return this.#url;
  }

  async #findUrl(): Promise<string> {
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
    throw new Failure(`The port ${port} of the gateway is unreachable on every node from here: set --door HOST`);
  }

  async client(): Promise<Client> {
    return new Client(await this.url());
  }

  /** An output that shows only progress, for operations whose lines matter only if they fail. */
  get quiet(): Output {
    return { line: () => {}, progress: (text) => this.out.progress(`    ${text}`) };
  }

  /** Runs an action and prints its duration. */
  async timed<T>(what: string, action: () => Promise<T>): Promise<T> {
    const start = performance.now();
    this.out.progress(`  ${what}`);
    const result = await action();
    this.out.line(`  ${what}: ${secondsSince(start)}`);
    return result;
  }
}

/** Whether a URL responds. Polls, because the rules of a node follow a start after some seconds. */
async function isReached(url: string, timeoutMs = 20_000): Promise<boolean> {
  for (const start = performance.now(); performance.now() - start < timeoutMs; ) {
    if (await isOk(`${url}/livez`, 2_000)) return true;
    await sleep(300);
  }
  return false;
}
