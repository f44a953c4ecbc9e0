import type { ParsedArgs } from '../system/options.ts';
import type { Output } from '../system/output.ts';
import type { Cluster } from './cluster.ts';
import type { Helm } from './helm.ts';

/** The context of an action of `deploy`. */
export interface Context {
  cluster: Cluster;
  helm: Helm;
  out: Output;
  timeoutMs: number;
  args: ParsedArgs;
}

/** Returns the exit code. */
export type Action = (context: Context) => Promise<number>;
