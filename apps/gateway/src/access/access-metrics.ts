import { type App, Counter, Gauge } from '@almanac/service';
import type { AccessPolicy } from './access-policy.ts';

/** Adds the refused requests to /metrics. */
export function registerAccessMetrics(app: App, access: AccessPolicy): void {
  new Counter({
    name: 'gateway_refusals_total',
    help: 'requests refused before routing: writes without a valid token (401), clients over the rate limit (429), web pages of other origins and unknown hosts (403)',
    labelNames: ['reason'],
    registers: [app.metrics],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(access.refused)) this.inc({ reason }, count);
    },
  });
  new Gauge({
    name: 'gateway_clients',
    help: 'clients that the rate limit counts at the moment; 0 if there is no limit',
    registers: [app.metrics],
    collect() {
      this.set(access.limit?.size ?? 0);
    },
  });
}
