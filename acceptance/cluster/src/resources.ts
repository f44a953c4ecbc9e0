import type { PodFigures } from './kubernetes/admin.ts';
import type { Testbed } from './testbed.ts';

/** Returns the mean working set (MiB) and processor use (millicores) of the pods of each service; empty if reading from nodes is not permitted. */
export async function resources(testbed: Testbed, when: string): Promise<Record<string, number | string>> {
  const { namespace, release } = testbed.settings;
  let pods: PodFigures[];
  try {
    pods = await testbed.admin.podFigures(namespace);
  } catch (error) {
    testbed.out.line(`  no measurements of memory and processors: ${(error as Error).message.split('\n')[0]}`);
    return {};
  }
  const byService = Map.groupBy(
    pods.filter(({ containers = [] }) => containers.length > 0),
    ({ podRef }) => componentIn(podRef.name, release),
  );
  return Object.fromEntries(
    [...byService].flatMap(([service, pods]) => [
      [`${when}MemoryMiB.${service}`, Math.round(mean(pods.map(memoryOf)) / 2 ** 20)],
      [`${when}CpuMillicores.${service}`, Math.round(mean(pods.map(cpuOf)) / 1e6)],
    ]),
  );
}

/** Returns `query` for `almanac-query-7d9c-abcde`, and `redis` for `almanac-redis-0`. */
const componentIn = (pod: string, release: string): string => pod.slice(release.length + 1).split('-')[0] as string;
const memoryOf = ({ containers = [] }: PodFigures): number =>
  containers.reduce((sum, { memory }) => sum + (memory?.workingSetBytes ?? 0), 0);
const cpuOf = ({ containers = [] }: PodFigures): number => containers.reduce((sum, { cpu }) => sum + (cpu?.usageNanoCores ?? 0), 0);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
