import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from '../system/failure.ts';
import type { Output } from '../system/output.ts';
import type { Cluster } from './cluster.ts';
import { type Forwarded, forward } from './forward.ts';
import { smoke } from './smoke.ts';
import { writeToken } from './write-token.ts';

export interface SmokeOptions {
  /** the public address; undefined: through the Kubernetes API */
  url: string | undefined;
  timeoutMs: number;
  out: Output;
}

/** The smoke job against the gateway of a release. Busy services and pods that are not ready are waited for within the time-out. */
export async function smokeRelease(cluster: Cluster, { url, timeoutMs, out }: SmokeOptions): Promise<void> {
  const until = performance.now() + timeoutMs;
  const token = await writeToken(cluster);
  if (url !== undefined) return await smoke(url, { token, timeoutMs, out });
  const door = await forwardUntil(cluster, until);
  try {
    await smoke(door.url, { token, timeoutMs: until - performance.now(), out });
  } finally {
    door.close();
  }
}

/** No gateway is ready for some seconds when a node is short of processor time. */
async function forwardUntil(cluster: Cluster, until: number): Promise<Forwarded> {
  for (;;) {
    const way = await forward(cluster, 'gateway').catch((error: Failure) => error);
    if (!(way instanceof Error)) return way;
    if (performance.now() > until) throw way;
    await sleep(1_000);
  }
}
