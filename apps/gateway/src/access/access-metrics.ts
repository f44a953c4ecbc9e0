import { type App, Counter, Gauge } from '@almanac/service';
import type { AccessPolicy } from './access-policy.ts';

/** Shows at /metrics whom the door turned away. */
export function registerAccessMetrics(app: App, access: AccessPolicy): void {
  new Counter({
    name: 'gateway_refusals_total',
    help: 'requests turned away at the door: changes without a right token (401), clients that ask too often (429), pages of other origins and unknown hosts (403)',
    labelNames: ['reason'],
    registers: [app.metrics],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(access.refused)) this.inc({ reason }, count);
    },
  });
  new Gauge({
    name: 'gateway_clients',
    help: 'clients whose requests are counted at the moment; 0 where there is no limit',
    registers: [app.metrics],
    collect() {
      this.set(access.limit?.size ?? 0);
    },
  });
}
