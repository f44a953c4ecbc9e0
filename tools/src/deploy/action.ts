import type { Given } from '../system/options.ts';
import type { Voice } from '../system/say.ts';
import type { Cluster } from './cluster.ts';
import type { Helm } from './helm.ts';

/** What an action of `deploy` works with. */
export interface Context {
  cluster: Cluster;
  helm: Helm;
  voice: Voice;
  timeoutMs: number;
  given: Given;
}

/** Returns the exit code. */
export type Action = (context: Context) => Promise<number>;
