import { componentOf } from '../deploy/progress.ts';
import { tagOf } from '../deploy/status.ts';
import type { Bench } from './bench.ts';

/** Which image a service was told to run. */
export async function tagNow(bench: Bench, service: string): Promise<string> {
  const workload = (await bench.cluster.workloads()).find((found) => componentOf(found) === service);
  return tagOf(workload?.spec?.template.spec?.containers[0]?.image ?? '');
}
