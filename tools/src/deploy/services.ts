import { usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import { apps } from '../up/plan.ts';
import type { Workload } from './cluster.ts';
import { componentOf } from './progress.ts';

/** The services of a release: what has an image of ours. The store and the course's debug pod have not. */
export const servicesOf = (workloads: readonly Workload[]): string[] =>
  workloads
    .map(componentOf)
    .filter((name) => (apps as readonly string[]).includes(name))
    .sort();

export function demandService(wanted: string | undefined, workloads: readonly Workload[], example: string): string {
  const services = servicesOf(workloads);
  if (wanted === undefined) throw usageError(`which service? One of ${services.join(', ')}, e.g.  ${example}`);
  if (services.includes(wanted)) return wanted;
  throw usageError(`there is no service '${wanted}' (there are: ${services.join(', ')})${didYouMean(wanted, services)}`);
}
