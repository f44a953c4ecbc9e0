import { type ProfileRoute, profileRoutes } from '@almanac/profiles';
import type { Route, RouteFlags } from './route.ts';

type Row = [method: Route['method'], path: string, owner: Route['owner'], summary: string, example: string, flags?: RouteFlags];

const group = (name: Route['group'], rows: readonly Row[]): Route[] =>
  rows.map(([method, path, owner, summary, example, flags]) => ({ method, path, owner, ...flags, group: name, summary, example }));

const quick = { quick: true } as const;
const stream = { stream: true } as const;
const waits = { waits: true } as const;
const safe = { safe: true } as const;

const datasets = group('Data sets', [
  ['GET', '/v1/datasets', 'query', 'List data sets', '$BASE/v1/datasets'],
  ['POST', '/v1/datasets', 'ingest', 'Create a data set from a file', '--data-binary @meteorites.csv "$BASE/v1/datasets?id=meteorites"'],
  [
    'PUT',
    '/v1/datasets/:id',
    'ingest',
    'Create or replace a data set from a file (CSV, TSV, JSON, NDJSON, XML, YAML, OEM; also gzip)',
    '-T meteorites.csv $BASE/v1/datasets/meteorites',
  ],
  [
    'GET',
    '/v1/datasets/:id',
    'query',
    'Describe a data set; with .csv, .json or .ndjson appended, download all of it',
    '$BASE/v1/datasets/meteorites.csv',
  ],
  ['DELETE', '/v1/datasets/:id', 'ingest', 'Delete a data set', '-X DELETE $BASE/v1/datasets/meteorites'],
  ['GET', '/v1/datasets/:id/rejects', 'query', 'List the rows that the last load rejected', '$BASE/v1/datasets/meteorites/rejects'],
]);

const records = group('Records', [
  [
    'GET',
    '/v1/datasets/:id/records',
    'query',
    'Find records: filters, fields, limit, offset, f=csv|json|ndjson|arrow',
    `-g "$BASE/v1/datasets/meteorites/records?year[gte]=2000&limit=5"`,
  ],
  [
    'POST',
    '/v1/datasets/:id/search',
    'query',
    'Find records by a filter in the body: where, fields, limit, offset, version',
    `--json '{"where":{"year":2003}}' $BASE/v1/datasets/meteorites/search`,
    safe,
  ],
  ['GET', '/v1/datasets/:id/records/:key', 'query', 'Get one record by its key', '$BASE/v1/datasets/meteorites/records/10001', quick],
]);

const jobs = group('Jobs and plots', [
  [
    'POST',
    '/v1/jobs',
    'jobs',
    'Submit a job, for example a plot; with Prefer: wait=10, wait up to 10 s for it to finish',
    `--json '{"inputs":{"dataset":"meteorites"}}' $BASE/v1/jobs`,
  ],
  ['GET', '/v1/jobs', 'jobs', 'List jobs, latest first', '$BASE/v1/jobs'],
  ['GET', '/v1/jobs/:id', 'jobs', 'Get a job: status, progress, results', '$BASE/v1/jobs/$JOB', quick],
  ['DELETE', '/v1/jobs/:id', 'jobs', 'Cancel a waiting or running job', '-X DELETE $BASE/v1/jobs/$JOB'],
  ['GET', '/v1/jobs/:id/events', 'jobs', 'Follow a job until it ends (server-sent events)', '-N $BASE/v1/jobs/$JOB/events', stream],
  [
    'GET',
    '/v1/jobs/events',
    'jobs',
    'Follow all jobs, or the jobs of one process or data set (server-sent events)',
    '-N "$BASE/v1/jobs/events?dataset=meteorites"',
    stream,
  ],
  [
    'POST',
    '/v1/jobs/:id/resubmit',
    'jobs',
    'Submit the same inputs as a new job, on the current version of the data set',
    '-X POST $BASE/v1/jobs/$JOB/resubmit',
  ],
  ['POST', '/v1/jobs/:id/revive', 'jobs', 'Re-queue a failed or cancelled job under the same id', '-X POST $BASE/v1/jobs/$JOB/revive'],
  ['POST', '/v1/jobs/revive', 'jobs', 'Re-queue all failed jobs', '-X POST "$BASE/v1/jobs/revive?process=plot"'],
  ['GET', '/v1/jobs/:id/results', 'jobs', 'Get the results of a finished job', '$BASE/v1/jobs/$JOB/results'],
  [
    'GET',
    '/v1/jobs/:id/results/:name',
    'jobs',
    'Get one result of a job, for example its png or svg',
    '-o plot.png $BASE/v1/jobs/$JOB/results/png',
  ],
  ['GET', '/v1/processes', 'jobs', 'List the processes that jobs can run', '$BASE/v1/processes'],
  [
    'GET',
    '/v1/processes/:id',
    'jobs',
    'Describe a process: its inputs and outputs as JSON Schema, including all plot types',
    '$BASE/v1/processes/plot',
  ],
]);

const ownAnalyses = group('Your own analyses', [
  [
    'PUT',
    '/v1/processes/:id',
    'jobs',
    'Register a process whose jobs run in a program of your own, in any language',
    '-X PUT --json @density.json $BASE/v1/processes/density',
  ],
  ['DELETE', '/v1/processes/:id', 'jobs', 'Unregister a process', '-X DELETE $BASE/v1/processes/density'],
  [
    'POST',
    '/v1/processes/:id/take',
    'jobs',
    'Take the next job of a registered process; with wait=30, wait up to 30 s for one',
    '-X POST "$BASE/v1/processes/density/take?wait=30"',
    waits,
  ],
  ['POST', '/v1/jobs/:id/start', 'jobs', "Start a job whose id was taken from its queue's Redis list", '-X POST $BASE/v1/jobs/$JOB/start'],
  [
    'PATCH',
    '/v1/jobs/:id/progress',
    'jobs',
    'Report progress and renew the lease',
    `-X PATCH -H Worker-Token:$T --json @p.json $BASE/v1/jobs/$JOB/progress`,
  ],
  [
    'PUT',
    '/v1/jobs/:id/results/:name',
    'jobs',
    'Store one result of a job',
    '-H Worker-Token:$T -T plot.png $BASE/v1/jobs/$JOB/results/png',
  ],
  ['POST', '/v1/jobs/:id/finish', 'jobs', 'Report that a job is complete', `-X POST -H Worker-Token:$T $BASE/v1/jobs/$JOB/finish`],
  [
    'POST',
    '/v1/jobs/:id/fail',
    'jobs',
    'Report that a job failed, and whether it may be retried',
    `-H Worker-Token:$T --json '{"message":"no data"}' $BASE/v1/jobs/$JOB/fail`,
  ],
]);

/** The common part of all systems of the course. These routes use the default data set, or the one in ?dataset=. */
const course = group('Course', [
  ['POST', '/data', 'ingest', 'Load the data set from its source, or from the body if there is one', '-X POST $BASE/data'],
  ['GET', '/data', 'query', 'Get all records; start, limit, offset, search, shape=dict', '"$BASE/data?limit=3"'],
  ['GET', '/data/:id', 'query', 'Get one record by its id', '$BASE/data/10001', quick],
  ['GET', '/get-keys', 'query', 'Get the ids of all records', '$BASE/get-keys'],
  ['DELETE', '/data', 'ingest', 'Delete all records', '-X DELETE $BASE/data'],
  ['POST', '/post-data', 'ingest', 'Load the data set from its source (same as POST /data)', '-X POST $BASE/post-data'],
  ['DELETE', '/delete-data', 'ingest', 'Delete all records (same as DELETE /data)', '-X DELETE $BASE/delete-data'],
  ['POST', '/jobs', 'jobs', 'Submit a plot of the records from start to end', `-d '{"start":"2001","end":"2021"}' $BASE/jobs`],
  ['GET', '/jobs', 'jobs', 'Get all jobs by id; shape=list, shape=ids', '$BASE/jobs'],
  ['DELETE', '/jobs', 'jobs', 'Delete all jobs', '-X DELETE $BASE/jobs'],
  ['GET', '/jobs/:id', 'jobs', "Get a job's status and inputs", '$BASE/jobs/$JOB', quick],
  ['GET', '/jobs/:id/results', 'jobs', "Get a job's results; 202 until it is finished", '$BASE/jobs/$JOB/results', quick],
  ['GET', '/results/:id', 'jobs', "Get a job's results (same as GET /jobs/{id}/results)", '$BASE/results/$JOB', quick],
  ['GET', '/download/:id', 'jobs', "Download a job's picture", '-o plot.png $BASE/download/$JOB'],
  ['POST', '/submit', 'jobs', 'Submit a job; the response is a sentence', `-d '{"start":"2001","end":"2021"}' $BASE/submit`],
  ['POST', '/image', 'jobs', 'Draw a picture of the data set and store it', '-X POST $BASE/image', waits],
  ['GET', '/image', 'jobs', 'Get the stored picture', '-o image.png $BASE/image'],
  ['DELETE', '/image', 'jobs', 'Delete the stored picture', '-X DELETE $BASE/image'],
  ['GET', '/hello', 'self', 'Get a greeting', '$BASE/hello'],
  ['GET', '/hello/:name', 'self', 'Get a greeting by name', '$BASE/hello/Ada'],
]);

/** The routes of the profiles. A path that profiles share is handled by the gateway, with the profile's content. */
const profiles: readonly Route[] = profileRoutes().filter(isOwn).map(routeOf);

function isOwn(route: ProfileRoute): boolean {
  return route.service === 'ingest' || route.isSharedPath !== true;
}

function routeOf(route: ProfileRoute): Route {
  const { method, path, service, summary, example } = route;
  const isQuick = route.service === 'query' && route.quick === true;
  return { method, path, owner: service, ...(isQuick ? quick : {}), group: 'Course', summary, example };
}

const about = group('About', [
  ['GET', '/', 'self', "The start page for browsers; for programs, the default data set's ephemeris, or short help", '$BASE/'],
  ['GET', '/help', 'self', 'Show this help; /help?q=plot shows only the routes that mention "plot"', '$BASE/help'],
  ['GET', '/docs', 'self', 'Browse and try the API in a browser', '$BASE/docs'],
  ['GET', '/openapi.json', 'self', 'Get the whole API as one OpenAPI 3.1 document', '$BASE/openapi.json'],
  ['GET', '/problems', 'self', 'List the problem types (errors) of the API', '$BASE/problems'],
  ['GET', '/problems/:type', 'self', 'Explain one problem type', '$BASE/problems/unknown-column'],
  ['GET', '/livez', 'self', 'Check that the gateway runs', '$BASE/livez'],
  ['GET', '/readyz', 'self', 'Check that the gateway accepts requests, and report whether it reaches the services', '$BASE/readyz'],
  ['GET', '/metrics', 'self', "Get the gateway's metrics in the Prometheus text format", '$BASE/metrics'],
]);

/** The map of the product: every public method and path and its owner. Proxying, /help, 404 hints, 405 and the OpenAPI check read it. */
export const routes: readonly Route[] = [...datasets, ...records, ...jobs, ...ownAnalyses, ...course, ...profiles, ...about];
