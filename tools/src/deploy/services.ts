import { misuse } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import type { Workload } from './cluster.ts';
import { componentOf } from './progress.ts';

/** The services of a release: what has an image of ours. The store is a set and has none. */
export const servicesOf = (workloads: readonly Workload[]): string[] =>
  workloads
    .filter((workload) => workload.kind !== 'StatefulSet' && (workload.spec as { serviceName?: string }).serviceName === undefined)
    .map(componentOf)
    .sort();

export function demandService(wanted: string | undefined, workloads: readonly Workload[], example: string): string {
  const services = servicesOf(workloads);
  if (wanted === undefined) throw misuse(`which service? One of ${services.join(', ')}, e.g.  ${example}`);
  if (services.includes(wanted)) return wanted;
  throw misuse(`there is no service '${wanted}' (there are: ${services.join(', ')})${didYouMean(wanted, services)}`);
}
