import { type App, Counter, Gauge } from '@almanac/service';
import type { Counts } from './counts.ts';
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
    'requests answered by the gateway itself: no connection, too many waiting, or any problem',
    ['refused', 'full', 'failed'],
  ],
  ['gateway_quick_misuse_total', 'answers of quick routes that were too large or did not say their length; must stay 0', ['misuse']],
];

/** Shows the plain numbers of every upstream at /metrics; they are read when they are asked for. */
export function showMetrics(app: App, upstreams: readonly Upstream[]): void {
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
    help: 'connections that carry one request at a time, and requests that wait for one',
    labelNames: ['upstream', 'kind'],
    registers: [app.metrics],
    collect() {
      for (const { name: upstream, pool } of upstreams) {
        this.set({ upstream, kind: 'open' }, pool.size);
        this.set({ upstream, kind: 'waiting' }, pool.waiting);
      }
    },
  });
}
