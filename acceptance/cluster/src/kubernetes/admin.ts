import { setTimeout as sleep } from 'node:timers/promises';
import { asFailure, ask } from '@almanac/tools/deploy/api-failure.ts';
import { loadConfig } from '@almanac/tools/deploy/cluster.ts';
import { CoreV1Api, type KubeConfig, type KubernetesObject, KubernetesObjectApi } from '@kubernetes/client-node';

/** The part of the statistics of a node that is read. */
export interface PodFigures {
  podRef: { name: string; namespace: string };
  containers?: { name: string; cpu?: { usageNanoCores?: number }; memory?: { workingSetBytes?: number; rssBytes?: number } }[];
}

/** The operations of a cluster administrator: namespaces, accounts, volumes. */
export class Admin {
  readonly config: KubeConfig;

  constructor(kubeconfig?: string, context?: string) {
    this.config = loadConfig(kubeconfig, context);
  }

  get core(): CoreV1Api {
    return this.config.makeApiClient(CoreV1Api);
  }

  /** Creates or updates the objects. */
  async apply(objects: readonly KubernetesObject[], namespace?: string): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(this.config);
    for (const object of objects) {
      const named = { ...object, metadata: { ...object.metadata, ...(namespace === undefined ? {} : { namespace }) } };
      await this.#ask(`apply ${object.kind} ${object.metadata?.name}`, () =>
        api.patch(named, undefined, undefined, 'almanac-cluster-test', true, 'application/apply-patch+yaml'),
      );
    }
  }

  /** Returns the phase of a volume (Available, Bound, Released), or undefined if it does not exist. */
  async volumePhase(name: string): Promise<string | undefined> {
    const { items } = await this.#ask('list volumes', () => this.core.listPersistentVolume());
    return items.find(({ metadata }) => metadata?.name === name)?.status?.phase;
  }

  /** Dry run: throws if the cluster would reject the object. */
  async tryCreate(object: KubernetesObject, namespace: string): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(this.config);
    const named = { ...object, metadata: { ...object.metadata, namespace } };
    await this.#ask(`create ${object.kind} ${object.metadata?.name}`, () => api.create(named, undefined, 'All'));
  }

  async remove(object: KubernetesObject): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(this.config);
    await api.delete(object).catch((error: { code?: number }) => {
      if (error.code !== 404) throw asFailure(`delete ${object.kind} ${object.metadata?.name}`, error, this.config);
    });
  }

  async hasNamespace(name: string): Promise<boolean> {
    const { items } = await this.#ask('list namespaces', () => this.core.listNamespace());
    return items.some(({ metadata }) => metadata?.name === name);
  }

  async isLabelled(namespace: string, labels: Readonly<Record<string, string>>): Promise<boolean> {
    const { items } = await this.#ask('list namespaces', () => this.core.listNamespace());
    const found = items.find(({ metadata }) => metadata?.name === namespace)?.metadata?.labels ?? {};
    return Object.entries(labels).every(([key, value]) => found[key] === value);
  }

  /** Deletes a namespace with its contents, only if it has these labels. */
  async removeNamespace(name: string, labels: Readonly<Record<string, string>>): Promise<void> {
    if (!(await this.isLabelled(name, labels))) return;
    await this.#ask(`delete namespace ${name}`, () => this.core.deleteNamespace({ name }));
    while (await this.hasNamespace(name)) await sleep(500);
  }

  /** Returns a kubeconfig for an account of a namespace, valid for some hours. */
  async accountConfig(namespace: string, name: string, hours = 6): Promise<string> {
    const body = { spec: { audiences: [], expirationSeconds: hours * 3600 } };
    const { status } = await this.#ask(`make a token for ${name}`, () =>
      this.core.createNamespacedServiceAccountToken({ name, namespace, body }),
    );
    const cluster = this.config.getCurrentCluster();
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'cluster',
          cluster: {
            server: cluster?.server,
            ...(cluster?.caData === undefined ? {} : { 'certificate-authority-data': cluster.caData }),
            ...(cluster?.caFile === undefined ? {} : { 'certificate-authority': cluster.caFile }),
            ...(cluster?.skipTLSVerify === true ? { 'insecure-skip-tls-verify': true } : {}),
          },
        },
      ],
      users: [{ name, user: { token: status?.token } }],
      contexts: [{ name: 'account', context: { cluster: 'cluster', user: name, namespace } }],
      'current-context': 'account',
    });
  }

  /** Returns the internal address of each node. */
  async nodeAddresses(): Promise<string[]> {
    const { items } = await this.#ask('list nodes', () => this.core.listNode());
    return items.flatMap(({ status }) => status?.addresses ?? []).flatMap(({ type, address }) => (type === 'InternalIP' ? [address] : []));
  }

  /** Returns the measurements of the nodes for the pods of a namespace. Throws if the account is not permitted to read them. */
  async podFigures(namespace: string): Promise<PodFigures[]> {
    const { items } = await this.#ask('list nodes', () => this.core.listNode());
    const summaries = await Promise.all(
      items.map(({ metadata }) =>
        this.#ask('read the figures of nodes', () =>
          this.core.connectGetNodeProxyWithPath({ name: metadata?.name as string, path: 'stats/summary' }),
        ),
      ),
    );
    const pods = summaries.flatMap(
      (summary) =>
        (typeof summary === 'string' ? (JSON.parse(summary) as { pods?: PodFigures[] }) : (summary as { pods?: PodFigures[] })).pods ?? [],
    );
    return pods.filter(({ podRef }) => podRef.namespace === namespace);
  }

  #ask<T>(what: string, call: () => Promise<T>): Promise<T> {
    return ask(this.config, what, call);
  }
}
