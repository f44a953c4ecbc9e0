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

/** Runs the smoke test against the gateway of a release. Waits for busy services and for pods to become ready within the time limit. */
export async function smokeRelease(cluster: Cluster, { url, timeoutMs, out }: SmokeOptions): Promise<void> {
  const until = performance.now() + timeoutMs;
  const token = await writeToken(cluster);
  if (url !== undefined) return await smoke(url, { token, timeoutMs, out });
  const tunnel = await forwardUntil(cluster, until);
  try {
    await smoke(tunnel.url, { token, timeoutMs: until - performance.now(), out });
  } finally {
    tunnel.close();
  }
}

/** Retries, because no gateway may be ready for some seconds if a node is overloaded. */
async function forwardUntil(cluster: Cluster, until: number): Promise<Forwarded> {
  for (;;) {
    const tunnel = await forward(cluster, 'gateway').catch((error: Failure) => error);
    if (!(tunnel instanceof Error)) return tunnel;
    if (performance.now() > until) throw tunnel;
    await sleep(1_000);
  }
}
