import { usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import { apps } from '../up/plan.ts';
import type { Workload } from './cluster.ts';
import { componentOf } from './progress.ts';

/** Returns the services of a release, without the store and the debug pod of the course. */
export const servicesOf = (workloads: readonly Workload[]): string[] =>
  workloads
    .map(componentOf)
    .filter((name) => (apps as readonly string[]).includes(name))
    .sort();

export function requireService(wanted: string | undefined, workloads: readonly Workload[], example: string): string {
  const services = servicesOf(workloads);
  if (wanted === undefined) throw usageError(`missing SERVICE: must be one of ${services.join(', ')}, e.g.  ${example}`);
  if (services.includes(wanted)) return wanted;
  throw usageError(`unknown service '${wanted}': must be one of ${services.join(', ')}${didYouMean(wanted, services)}`);
}
