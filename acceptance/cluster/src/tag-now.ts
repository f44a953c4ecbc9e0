import { componentOf } from '@almanac/tools/deploy/progress.ts';
import { tagOf } from '@almanac/tools/deploy/status.ts';
import type { Testbed } from './testbed.ts';

/** Returns the image tag that a service is configured to run. */
export async function tagNow(testbed: Testbed, service: string): Promise<string> {
  const workload = (await testbed.cluster.workloads()).find((found) => componentOf(found) === service);
  return tagOf(workload?.spec?.template.spec?.containers[0]?.image ?? '');
}
