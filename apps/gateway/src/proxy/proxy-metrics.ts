import { type App, Counter, Gauge } from '@almanac/service';
import type { Counts } from './counts.ts';
import type { StallWatch } from './stall-watch.ts';
import type { Upstream } from './upstream.ts';

const counted: readonly [name: string, help: string, keys: readonly (keyof Counts)[]][] = [
  ['gateway_requests_total', 'requests passed on, by whether they shared a connection or had one alone', ['shared', 'alone']],
  [
    'gateway_retries_total',
    'requests sent again: the connection was lost, or the service let go of it while they waited',
    ['lost', 'moved'],
  ],
  [
    'gateway_failures_total',
    'requests that the gateway ends itself: refused (no address takes a connection), full (too many wait), late (waited too long for a connection), unread (the client does not read), failed (any problem)',
    ['refused', 'full', 'late', 'unread', 'failed'],
  ],
  ['gateway_quick_misuse_total', 'responses of quick routes that were too large or did not say their length; must stay 0', ['misuse']],
  [
    'gateway_foreign_answers_total',
    'responses that did not belong to the request they were read for, each of which broke its connection; must stay 0',
    ['foreign'],
  ],
];

/** Shows the plain numbers of every upstream at /metrics; they are read when they are asked for. */
export function registerProxyMetrics(app: App, upstreams: readonly Upstream[], watch: StallWatch): void {
  new Counter({
    name: 'gateway_stalls_total',
    help: 'requests that ended because their client sent the body, or read the response, too slowly',
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
    help: 'connections that carry one request at a time, and requests that wait for one; streams: the same for event streams and waits',
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
