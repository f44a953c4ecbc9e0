import { AppsV1Api, CoreV1Api, KubeConfig, type V1Deployment, type V1Pod, type V1StatefulSet } from '@kubernetes/client-node';
import { Failure } from '../system/failure.ts';
import { asFailure, ask } from './api-failure.ts';
import type { Place } from './options.ts';

/** The Deployment of a service, or the StatefulSet of the store. */
export type Workload = V1Deployment | V1StatefulSet;

/** Reads one release in one namespace through the Kubernetes API. Only helm changes it. */
export class Cluster {
  readonly config: KubeConfig;
  readonly namespace: string;
  readonly release: string;

  constructor({ release, namespace, kubeconfig, context }: Place) {
    this.config = loadConfig(kubeconfig, context);
    this.namespace = namespace ?? this.config.getContextObject(this.config.currentContext)?.namespace ?? 'default';
    this.release = release;
  }

  get selector(): string {
    return `app.kubernetes.io/instance=${this.release}`;
  }

  get apps(): AppsV1Api {
    return this.config.makeApiClient(AppsV1Api);
  }

  get core(): CoreV1Api {
    return this.config.makeApiClient(CoreV1Api);
  }

  /** The services' Deployments and the store's StatefulSet. */
  async workloads(): Promise<Workload[]> {
    const [deployments, statefulSets] = await Promise.all([
      this.ask('list deployments', () => this.apps.listNamespacedDeployment(this.#ours)),
      this.ask('list statefulsets', () => this.apps.listNamespacedStatefulSet(this.#ours)),
    ]);
    return [...deployments.items, ...statefulSets.items];
  }

  async pods(): Promise<V1Pod[]> {
    return (await this.ask('list pods', () => this.core.listNamespacedPod(this.#ours))).items;
  }

  /** Returns the decoded entries of a secret, or undefined if it does not exist. */
  async secret(name: string): Promise<Record<string, string> | undefined> {
    try {
      const { data = {} } = await this.core.readNamespacedSecret({ name, namespace: this.namespace });
      return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
    } catch (error) {
      if ((error as { code?: unknown }).code === 404) return undefined;
      throw asFailure(`get secrets/${name}`, error, this.config);
    }
  }

  /** Returns the last log lines of a pod, or none if they are unavailable. */
  async lastLines(pod: string, lines = 5): Promise<string[]> {
    try {
      const text = await this.core.readNamespacedPodLog({ name: pod, namespace: this.namespace, tailLines: lines });
      return text.trimEnd().split('\n').filter(Boolean);
    } catch {
      return [];
    }
  }

  ask<T>(what: string, call: () => Promise<T>): Promise<T> {
    return ask(this.config, what, call);
  }

  get #ours(): { namespace: string; labelSelector: string } {
    return { namespace: this.namespace, labelSelector: this.selector };
  }
}

export function loadConfig(file?: string, context?: string): KubeConfig {
  const config = new KubeConfig();
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (error) {
    throw new Failure(`The kubeconfig ${file ?? process.env.KUBECONFIG ?? '~/.kube/config'} cannot be read: ${(error as Error).message}`);
  }
  const names = config.getContexts().map(({ name }) => name);
  if (context !== undefined && !names.includes(context))
    throw new Failure(`--context ${context}: the contexts of the kubeconfig are ${names.join(', ') || 'none'}`);
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) throw new Failure('No cluster is configured: set --kubeconfig or KUBECONFIG');
  return config;
}
