import { type App, Counter, Gauge } from '@almanac/service';
import type { Counts } from './counts.ts';
import type { StallWatch } from './stall-watch.ts';
import type { Upstream } from './upstream.ts';

const counted: readonly [name: string, help: string, keys: readonly (keyof Counts)[]][] = [
  ['gateway_requests_total', 'requests forwarded, by kind of connection: shared or alone (of its own)', ['shared', 'alone']],
  [
    'gateway_retries_total',
    'requests sent again because the connection was lost, or moved (the service closed it while it drained)',
    ['lost', 'moved'],
  ],
  [
    'gateway_failures_total',
    'requests ended by the gateway: refused (no address accepts a connection), full (too many wait), late (waited too long for a connection), unread (the client does not read), failed (any problem)',
    ['refused', 'full', 'late', 'unread', 'failed'],
  ],
  ['gateway_quick_misuse_total', 'responses of quick routes that were too large or had no Content-Length; must stay 0', ['misuse']],
  ['gateway_foreign_answers_total', 'responses that did not match their request and closed their connection; must stay 0', ['foreign']],
];

/** Adds the counters of every upstream to /metrics. */
export function registerProxyMetrics(app: App, upstreams: readonly Upstream[], watch: StallWatch): void {
  new Counter({
    name: 'gateway_stalls_total',
    help: 'requests ended because the client sent the body or read the response too slowly',
    labelNames: ['kind'],
    registers: [app.metrics],
    collect() {
      this.reset();
      for (const [kind, count] of Object.entries(watch.ended)) this.inc({ kind }, count);
    },
  });
  for (const [name, help, keys] of counted) {
    new Counter({
      name,
      help,
      labelNames: ['upstream', 'kind'],
      registers: [app.metrics],
      collect() {
        this.reset();
        for (const { name: upstream, counts } of upstreams) for (const kind of keys) this.inc({ upstream, kind }, counts[kind]);
      },
    });
  }
  new Gauge({
    name: 'gateway_connections',
    help: 'connections that carry one request at a time (open) and requests that wait for one (waiting); streams, streams_waiting: the same for event streams and waits for jobs',
    labelNames: ['upstream', 'kind'],
    registers: [app.metrics],
    collect() {
      for (const { name: upstream, pool, streams } of upstreams) {
        this.set({ upstream, kind: 'streams' }, streams.size);
        this.set({ upstream, kind: 'streams_waiting' }, streams.waiting);
        this.set({ upstream, kind: 'open' }, pool.size);
        this.set({ upstream, kind: 'waiting' }, pool.waiting);
      }
    },
  });
}
