import { type App, counter, gauge } from '@almanac/service';
import type { Counts } from './counts.ts';
import type { StallWatch } from './stall-watch.ts';
import type { Upstream } from './upstream.ts';

const counted = [
  ['gateway_requests_total', ['shared', 'alone']],
  ['gateway_retries_total', ['lost', 'moved']],
  ['gateway_failures_total', ['refused', 'full', 'late', 'unread', 'failed']],
  ['gateway_quick_misuse_total', ['misuse']],
  ['gateway_foreign_answers_total', ['foreign']],
] as const satisfies readonly (readonly [name: string, kinds: readonly (keyof Counts)[]])[];

/** Adds the counters of every upstream to /metrics. */
export function registerProxyMetrics(app: App, upstreams: readonly Upstream[], watch: StallWatch): void {
  counter(app.metrics, 'gateway_stalls_total', function () {
    this.reset();
    for (const [kind, count] of Object.entries(watch.ended)) this.inc({ kind }, count);
  });
  for (const [name, kinds] of counted) {
    counter(app.metrics, name, function () {
      this.reset();
      for (const { name: upstream, counts } of upstreams) for (const kind of kinds) this.inc({ upstream, kind }, counts[kind]);
    });
  }
  gauge(app.metrics, 'gateway_connections', function () {
    for (const { name: upstream, pool, streams } of upstreams) {
      this.set({ upstream, kind: 'streams' }, streams.size);
      this.set({ upstream, kind: 'streams_waiting' }, streams.waiting);
      this.set({ upstream, kind: 'open' }, pool.size);
      this.set({ upstream, kind: 'waiting' }, pool.waiting);
    }
  });
}
