import { type App, counter, gauge } from '@almanac/service';
import type { AccessPolicy } from './access-policy.ts';

/** Adds the refused requests to /metrics. */
export function registerAccessMetrics(app: App, access: AccessPolicy): void {
  counter(app.metrics, 'gateway_refusals_total', function () {
    this.reset();
    for (const [reason, count] of Object.entries(access.refused)) this.inc({ reason }, count);
  });
  gauge(app.metrics, 'gateway_clients', function () {
    this.set(access.limit?.size ?? 0);
  });
}
