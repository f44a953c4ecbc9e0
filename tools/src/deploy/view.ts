import {
  type Informer,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
  type ObjectCache,
  type V1Deployment,
  type V1Pod,
  type V1StatefulSet,
} from '@kubernetes/client-node';
import type { Cluster, Workload } from './cluster.ts';

type Watched<T extends KubernetesObject> = Informer<T> & ObjectCache<T>;

/** The delay between a broken watch and the next. */
const AGAIN_MS = 500;

/** The current workloads and pods of a release, kept up to date by watches that are restarted when they break. */
export class View {
  readonly #deployments: Watched<V1Deployment>;
  readonly #statefulSets: Watched<V1StatefulSet>;
  readonly #pods: Watched<V1Pod>;
  #changed: () => void = () => {};
  #isStopped = false;

  constructor(cluster: Cluster) {
    const { namespace, selector: labelSelector, apps, core } = cluster;
    const ours = { namespace, labelSelector };
    const watched = <T extends KubernetesObject>(what: string, path: string, list: () => Promise<KubernetesListObject<T>>) =>
      this.#restarted(
        makeInformer<T>(cluster.config, `${path}/namespaces/${namespace}/${what}`, () => cluster.ask(`list ${what}`, list), labelSelector),
      );
    this.#deployments = watched('deployments', '/apis/apps/v1', () => apps.listNamespacedDeployment(ours));
    this.#statefulSets = watched('statefulsets', '/apis/apps/v1', () => apps.listNamespacedStatefulSet(ours));
    this.#pods = watched('pods', '/api/v1', () => core.listNamespacedPod(ours));
  }

  get workloads(): readonly Workload[] {
    return [...this.#deployments.list(), ...this.#statefulSets.list()];
  }

  get pods(): readonly V1Pod[] {
    return this.#pods.list();
  }

  async start(): Promise<void> {
    await Promise.all(this.#all.map((informer) => informer.start()));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#all.map((informer) => informer.stop()));
  }

  /** Resolves at the next change, or after `ms`. */
  async change(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#changed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #restarted<T extends KubernetesObject>(informer: Watched<T>): Watched<T> {
    informer.on('change', () => this.#changed());
    informer.on('error', () => {
      if (!this.#isStopped) setTimeout(() => this.#isStopped || void informer.start().catch(() => {}), AGAIN_MS).unref();
    });
    return informer;
  }

  get #all() {
    return [this.#deployments, this.#statefulSets, this.#pods];
  }
}
