interface Metric {
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  /** upper bounds, of a histogram */
  buckets?: readonly number[];
}

/**
 * Every metric that a service defines, beside those of the process that prom-client adds. Services create them by name (metric.ts);
 * a test compares the chart's dashboard and alerts with this table. A name or label that is published here must not change.
 */
export const metricTable = {
  http_request_duration_seconds: {
    type: 'histogram',
    help: 'seconds from the request head to the last byte of the response',
    labels: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
  },

  gateway_clients: { type: 'gauge', help: 'clients that the rate limit counts at the moment; 0 if there is no limit', labels: [] },
  gateway_connections: {
    type: 'gauge',
    help: 'connections that carry one request at a time (open) and requests that wait for one (waiting); streams, streams_waiting: the same for event streams and waits for jobs',
    labels: ['upstream', 'kind'],
  },
  gateway_failures_total: {
    type: 'counter',
    help: 'requests ended by the gateway: refused (no address accepts a connection), full (too many wait), late (waited too long for a connection), unread (the client does not read), failed (any problem)',
    labels: ['upstream', 'kind'],
  },
  gateway_foreign_answers_total: {
    type: 'counter',
    help: 'responses that did not match their request and closed their connection; must stay 0',
    labels: ['upstream', 'kind'],
  },
  gateway_quick_misuse_total: {
    type: 'counter',
    help: 'responses of quick routes that were too large or had no Content-Length; must stay 0',
    labels: ['upstream', 'kind'],
  },
  gateway_refusals_total: {
    type: 'counter',
    help: 'requests refused before routing: writes without a valid token (401), clients over the rate limit (429), web pages of other origins and unknown hosts (403)',
    labels: ['reason'],
  },
  gateway_requests_total: {
    type: 'counter',
    help: 'requests forwarded, by kind of connection: shared or alone (of its own)',
    labels: ['upstream', 'kind'],
  },
  gateway_retries_total: {
    type: 'counter',
    help: 'requests sent again because the connection was lost, or moved (the service closed it while it drained)',
    labels: ['upstream', 'kind'],
  },
  gateway_stalls_total: {
    type: 'counter',
    help: 'requests ended because the client sent the body or read the response too slowly',
    labels: ['kind'],
  },

  ingest_load_seconds: {
    type: 'histogram',
    help: 'seconds from the first byte of a body to its committed version',
    labels: [],
    buckets: [0.01, 0.05, 0.2, 1, 5, 20, 60, 300],
  },
  ingest_rows_loaded_total: { type: 'counter', help: 'rows loaded as records', labels: [] },
  ingest_rows_rejected_total: { type: 'counter', help: 'rejected rows', labels: [] },

  job_records_bytes: { type: 'gauge', help: 'bytes of the records of all jobs at the last count', labels: [] },
  job_records_dropped_total: { type: 'counter', help: 'records that this replica deleted to stay within the quota', labels: [] },
  jobs_submitted_total: {
    type: 'counter',
    help: 'jobs accepted, by process and by whether an earlier job has the result (hit) or not (miss)',
    labels: ['process', 'cache'],
  },
  queue_audit_violations_total: {
    type: 'counter',
    help: 'jobs that an audit of this replica found in the wrong place and repaired, by kind of violation',
    labels: ['queue', 'violation'],
  },
  queue_audits_total: { type: 'counter', help: 'audits of a queue that this replica did', labels: ['queue'] },
  queue_depth: { type: 'gauge', help: 'jobs that wait for a worker', labels: [] },
  queue_foreign_elements: { type: 'gauge', help: 'elements of the queue that were set aside because they do not name a job', labels: [] },
  queue_server_fine: {
    type: 'gauge',
    help: "1 if this durability setting of the queue's Redis is safe, 0 if jobs may be lost",
    labels: ['setting'],
  },
  results_bytes: { type: 'gauge', help: 'bytes of all stored results of jobs', labels: [] },
  results_evicted_total: { type: 'counter', help: 'results that this replica deleted to stay within the quota', labels: [] },

  renderer_drawing_processes: { type: 'gauge', help: 'running drawing processes', labels: [] },
  renderer_drawing_processes_ended_total: {
    type: 'counter',
    help: 'drawing processes that ended before their work was done, by reason',
    labels: ['reason'],
  },
  renderer_jobs_given_back_total: {
    type: 'counter',
    help: 'attempts after which a job returned to its queue, by reason',
    labels: ['reason'],
  },
} as const satisfies Record<string, Metric>;

type Table = typeof metricTable;
export type MetricName = keyof Table;
export type LabelOf<N extends MetricName> = Table[N]['labels'][number];
export type NameOfType<T extends Metric['type']> = { [N in MetricName]: Table[N]['type'] extends T ? N : never }[MetricName];
