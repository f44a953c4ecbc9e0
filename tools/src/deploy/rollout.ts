import { Failure } from '../system/failure.ts';
import { type Output, secondsSince } from '../system/output.ts';
import type { Cluster, Workload } from './cluster.ts';
import { type Trouble, troublesOf } from './pod-trouble.ts';
import { COMPONENT, componentOf, describeProgress, type Progress, progressOf } from './progress.ts';
import { View } from './view.ts';

export interface RolloutOptions {
  out: Output;
  timeoutMs: number;
  /** components to wait for; default: all of the release */
  only?: readonly string[];
  /** how long a pod may be stuck before the wait ends */
  patienceMs?: number;
}

/** Waits until the rollout is complete, and prints its progress. Throws a Failure with the reason if it does not complete. */
export async function waitForRollout(cluster: Cluster, options: RolloutOptions): Promise<void> {
  const view = new View(cluster);
  try {
    await view.start();
    await new Rollout(cluster, view, options).wait();
  } finally {
    await view.stop();
  }
}

class Rollout {
  readonly #cluster: Cluster;
  readonly #view: View;
  readonly #options: RolloutOptions;
  readonly #printed = new Set<string>();
  readonly #stuckSince = new Map<string, number>();
  readonly #start = performance.now();

  constructor(cluster: Cluster, view: View, options: RolloutOptions) {
    this.#cluster = cluster;
    this.#view = view;
    this.#options = options;
  }

  async wait(): Promise<void> {
    const { out, timeoutMs } = this.#options;
    for (;;) {
      const states = this.#desired().map(progressOf);
      if (states.length > 0 && states.every(({ isDone }) => isDone)) {
        for (const state of states) out.line(describeProgress(state));
        out.line(`ready after ${secondsSince(this.#start)}`);
        return;
      }
      this.#print(states);
      const late = performance.now() - this.#start > timeoutMs;
      if (late) throw await this.#failure(`not ready within ${Math.round(timeoutMs / 1000)} s`, states);
      if (this.#isHopeless(states)) throw await this.#failure('it is not going to become ready', states);
      await this.#view.change(1_000);
    }
  }

  #desired(): Workload[] {
    const { only } = this.#options;
    return this.#view.workloads.filter((workload) => only === undefined || only.includes(componentOf(workload)));
  }

  #print(states: readonly Progress[]): void {
    const { out } = this.#options;
    for (const { name, obstacles } of states) for (const text of obstacles) this.#once(`  ${name}: ${text}`);
    for (const { pod, reason, message } of this.#troubles()) this.#once(`  pod ${pod}: ${reason}${message === '' ? '' : `: ${message}`}`);
    const [waiting] = states.filter(({ isDone }) => !isDone);
    if (waiting !== undefined) out.progress(describeProgress(waiting));
  }

  #once(line: string): void {
    if (this.#printed.has(line)) return;
    this.#printed.add(line);
    this.#options.out.line(line);
  }

  #troubles(): Trouble[] {
    const { only } = this.#options;
    const isOurs = (component: string | undefined) => only === undefined || (component !== undefined && only.includes(component));
    return this.#view.pods.filter(({ metadata }) => isOurs(metadata?.labels?.[COMPONENT])).flatMap(troublesOf);
  }

  /** Whether a pod stays stuck, or a Deployment is past its deadline. */
  #isHopeless(states: readonly Progress[]): boolean {
    if (states.some(({ obstacles }) => obstacles.some((text) => text.startsWith('ProgressDeadlineExceeded')))) return true;
    const stuck = this.#troubles().filter(({ isStuck }) => isStuck);
    const now = performance.now();
    for (const pod of [...this.#stuckSince.keys()]) if (!stuck.some((trouble) => trouble.pod === pod)) this.#stuckSince.delete(pod);
    for (const { pod } of stuck) if (!this.#stuckSince.has(pod)) this.#stuckSince.set(pod, now);
    const { patienceMs = 30_000 } = this.#options;
    return [...this.#stuckSince.values()].some((since) => now - since > patienceMs);
  }

  async #failure(why: string, states: readonly Progress[]): Promise<Failure> {
    const unready = states.filter(({ isDone }) => !isDone);
    const troubles = this.#troubles();
    const lines = unready.map((state) => `${describeProgress(state)}: ${why}`);
    for (const { pod, reason, message } of troubles) lines.push(`  pod ${pod}: ${reason}: ${message}`);
    for (const { obstacles } of unready) lines.push(...obstacles.map((text) => `  ${text}`));
    for (const pod of this.#unreadyPods(unready).slice(0, 2)) {
      const lastLines = await this.#cluster.lastLines(pod);
      if (lastLines.length > 0) lines.push(`  last lines of ${pod}:`, ...lastLines.map((line) => `    ${line}`));
    }
    return new Failure(lines.length === 0 ? `the release has no workloads: ${why}` : lines.join('\n'));
  }

  #unreadyPods(unready: readonly Progress[]): string[] {
    return this.#view.pods
      .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
      .filter(({ metadata }) => unready.some(({ name }) => name === metadata?.labels?.[COMPONENT]))
      .filter(({ status }) => status?.conditions?.some(({ type, status }) => type === 'Ready' && status !== 'True'))
      .map(({ metadata }) => metadata?.name ?? '');
  }
}
