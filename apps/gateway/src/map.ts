import { type ProfileRoute, profileRoutes } from '@almanac/profiles';
import { courseRoutes } from './course-routes.ts';
import type { Route } from './route.ts';

/** The API proper. */
const properRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/datasets',
    owner: 'query',
    group: 'Data sets',
    summary: 'List the data sets',
    example: '$BASE/v1/datasets',
  },
  {
    method: 'POST',
    path: '/v1/datasets',
    owner: 'ingest',
    group: 'Data sets',
    summary: 'Load a file as a new data set',
    example: '--data-binary @meteorites.csv "$BASE/v1/datasets?id=meteorites"',
  },
  {
    method: 'PUT',
    path: '/v1/datasets/:id',
    owner: 'ingest',
    group: 'Data sets',
    summary: 'Load a file (CSV, TSV, JSON, NDJSON, XML, YAML, OEM; also gzipped) as this data set',
    example: '-T meteorites.csv $BASE/v1/datasets/meteorites',
  },
  {
    method: 'GET',
    path: '/v1/datasets/:id',
    owner: 'query',
    group: 'Data sets',
    summary: 'Describe a data set; with .csv, .json or .ndjson at the end: the whole of it',
    example: '$BASE/v1/datasets/meteorites.csv',
  },
  {
    method: 'DELETE',
    path: '/v1/datasets/:id',
    owner: 'ingest',
    group: 'Data sets',
    summary: 'Delete a data set',
    example: '-X DELETE $BASE/v1/datasets/meteorites',
  },
  {
    method: 'GET',
    path: '/v1/datasets/:id/rejects',
    owner: 'query',
    group: 'Data sets',
    summary: 'List the rows of the last load that could not become records',
    example: '$BASE/v1/datasets/meteorites/rejects',
  },
  {
    method: 'GET',
    path: '/v1/datasets/:id/records',
    owner: 'query',
    group: 'Records',
    summary: 'Find records: filters, fields, limit, offset, f=csv|json|ndjson|arrow',
    example: `-g "$BASE/v1/datasets/meteorites/records?year[gte]=2000&limit=5"`,
  },
  {
    method: 'POST',
    path: '/v1/datasets/:id/search',
    owner: 'query',
    safe: true,
    group: 'Records',
    summary: 'Find records by a filter in the body: where, fields, limit, offset, version',
    example: `--json '{"where":{"year":2003}}' $BASE/v1/datasets/meteorites/search`,
  },
  {
    method: 'GET',
    path: '/v1/datasets/:id/records/:key',
    owner: 'query',
    quick: true,
    group: 'Records',
    summary: 'Get one record by its key',
    example: '$BASE/v1/datasets/meteorites/records/10001',
  },
  {
    method: 'POST',
    path: '/v1/jobs',
    owner: 'jobs',
    group: 'Jobs and plots',
    summary: 'Submit a job, for example a plot; Prefer: wait=10 waits for it to finish',
    example: `--json '{"inputs":{"dataset":"meteorites"}}' $BASE/v1/jobs`,
  },
  { method: 'GET', path: '/v1/jobs', owner: 'jobs', group: 'Jobs and plots', summary: 'List jobs, latest first', example: '$BASE/v1/jobs' },
  {
    method: 'GET',
    path: '/v1/jobs/:id',
    owner: 'jobs',
    quick: true,
    group: 'Jobs and plots',
    summary: "Get a job's record: status, progress, results",
    example: '$BASE/v1/jobs/$JOB',
  },
  {
    method: 'DELETE',
    path: '/v1/jobs/:id',
    owner: 'jobs',
    group: 'Jobs and plots',
    summary: 'Cancel a job, waiting or running',
    example: '-X DELETE $BASE/v1/jobs/$JOB',
  },
  {
    method: 'GET',
    path: '/v1/jobs/:id/events',
    owner: 'jobs',
    stream: true,
    group: 'Jobs and plots',
    summary: 'Follow a job as it goes on (server-sent events)',
    example: '-N $BASE/v1/jobs/$JOB/events',
  },
  {
    method: 'GET',
    path: '/v1/jobs/events',
    owner: 'jobs',
    stream: true,
    group: 'Jobs and plots',
    summary: 'Follow all jobs, or those of one process or data set',
    example: '-N "$BASE/v1/jobs/events?dataset=meteorites"',
  },
  {
    method: 'POST',
    path: '/v1/jobs/:id/resubmit',
    owner: 'jobs',
    group: 'Jobs and plots',
    summary: 'Submit the same again, as a new job over what the data set holds now',
    example: '-X POST $BASE/v1/jobs/$JOB/resubmit',
  },
  {
    method: 'POST',
    path: '/v1/jobs/:id/revive',
    owner: 'jobs',
    group: 'Jobs and plots',
    summary: 'Let a failed or cancelled job wait again, under its own id',
    example: '-X POST $BASE/v1/jobs/$JOB/revive',
  },
  {
    method: 'POST',
    path: '/v1/jobs/revive',
    owner: 'jobs',
    group: 'Jobs and plots',
    summary: 'Let all failed jobs wait again',
    example: '-X POST "$BASE/v1/jobs/revive?process=plot"',
  },
  {
    method: 'GET',
    path: '/v1/jobs/:id/results',
    owner: 'jobs',
    group: 'Jobs and plots',
    summary: 'Get what a finished job made',
    example: '$BASE/v1/jobs/$JOB/results',
  },
  {
    method: 'GET',
    path: '/v1/jobs/:id/results/:name',
    owner: 'jobs',
    group: 'Jobs and plots',
    summary: 'Get one result of a job, for example its png or svg',
    example: '-o plot.png $BASE/v1/jobs/$JOB/results/png',
  },
  {
    method: 'GET',
    path: '/v1/processes',
    owner: 'jobs',
    group: 'Jobs and plots',
    summary: 'List what jobs can do',
    example: '$BASE/v1/processes',
  },
  {
    method: 'GET',
    path: '/v1/processes/:id',
    owner: 'jobs',
    group: 'Jobs and plots',
    summary: 'Describe a process: its inputs and outputs as JSON Schema, with every type of plot',
    example: '$BASE/v1/processes/plot',
  },
  {
    method: 'PUT',
    path: '/v1/processes/:id',
    owner: 'jobs',
    group: 'Your own analyses',
    summary: 'Register an analysis that a program of yours does, in any language',
    example: '-X PUT --json @density.json $BASE/v1/processes/density',
  },
  {
    method: 'DELETE',
    path: '/v1/processes/:id',
    owner: 'jobs',
    group: 'Your own analyses',
    summary: 'Take no more jobs for a registered process',
    example: '-X DELETE $BASE/v1/processes/density',
  },
  {
    method: 'POST',
    path: '/v1/processes/:id/take',
    owner: 'jobs',
    waits: true,
    group: 'Your own analyses',
    summary: 'Take the next job of a registered process; wait=30 waits for one',
    example: '-X POST "$BASE/v1/processes/density/take?wait=30"',
  },
  {
    method: 'POST',
    path: '/v1/jobs/:id/start',
    owner: 'jobs',
    group: 'Your own analyses',
    summary: 'Begin a job whose id was taken from the list of its queue',
    example: '-X POST $BASE/v1/jobs/$JOB/start',
  },
  {
    method: 'PATCH',
    path: '/v1/jobs/:id/progress',
    owner: 'jobs',
    group: 'Your own analyses',
    summary: 'Tell how far a job is, and that its worker lives',
    example: `-X PATCH -H Worker-Token:$T --json @p.json $BASE/v1/jobs/$JOB/progress`,
  },
  {
    method: 'PUT',
    path: '/v1/jobs/:id/results/:name',
    owner: 'jobs',
    group: 'Your own analyses',
    summary: 'Store one result of a job',
    example: '-H Worker-Token:$T -T plot.png $BASE/v1/jobs/$JOB/results/png',
  },
  {
    method: 'POST',
    path: '/v1/jobs/:id/finish',
    owner: 'jobs',
    group: 'Your own analyses',
    summary: 'Say that a job is done',
    example: `-X POST -H Worker-Token:$T $BASE/v1/jobs/$JOB/finish`,
  },
  {
    method: 'POST',
    path: '/v1/jobs/:id/fail',
    owner: 'jobs',
    group: 'Your own analyses',
    summary: 'Say that a job failed, for good or to be tried again',
    example: `-H Worker-Token:$T --json '{"message":"no data"}' $BASE/v1/jobs/$JOB/fail`,
  },
];

/** What the gateway answers itself. */
const ownRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    owner: 'self',
    group: 'About',
    summary: 'The start page for browsers; for programs the ephemeris where that is the default, or help',
    example: '$BASE/',
  },
  {
    method: 'GET',
    path: '/help',
    owner: 'self',
    group: 'About',
    summary: 'This text; /help?q=plot shows only what mentions "plot"',
    example: '$BASE/help',
  },
  {
    method: 'GET',
    path: '/docs',
    owner: 'self',
    group: 'About',
    summary: 'The API in a browser, to read and to try',
    example: '$BASE/docs',
  },
  {
    method: 'GET',
    path: '/openapi.json',
    owner: 'self',
    group: 'About',
    summary: 'The whole API as one OpenAPI 3.1 document',
    example: '$BASE/openapi.json',
  },
  {
    method: 'GET',
    path: '/problems',
    owner: 'self',
    group: 'About',
    summary: 'Every type of error the API answers with',
    example: '$BASE/problems',
  },
  {
    method: 'GET',
    path: '/problems/:type',
    owner: 'self',
    group: 'About',
    summary: 'What one type of error means',
    example: '$BASE/problems/unknown-column',
  },
  {
    method: 'GET',
    path: '/livez',
    owner: 'self',
    group: 'About',
    summary: 'Whether the gateway answers',
    example: '$BASE/livez',
  },
  {
    method: 'GET',
    path: '/readyz',
    owner: 'self',
    group: 'About',
    summary: 'Whether the gateway takes requests, and whether it reaches the services',
    example: '$BASE/readyz',
  },
  {
    method: 'GET',
    path: '/metrics',
    owner: 'self',
    group: 'About',
    summary: "The gateway's own numbers in Prometheus' text form",
    example: '$BASE/metrics',
  },
];

/** The routes of what is special about a kind of data set. A path that is everybody's is answered here, with what the profile has. */
const special: readonly Route[] = profileRoutes().filter(isOwn).map(routeOf);

function isOwn(route: ProfileRoute): boolean {
  return route.service === 'ingest' || route.isEverybodys !== true;
}

function routeOf(route: ProfileRoute): Route {
  const { method, path, service, summary, example } = route;
  const isQuick = route.service === 'query' && route.quick === true;
  return { method, path, owner: service, ...(isQuick ? { quick: true } : {}), group: 'Course', summary, example };
}

/**
 * The map of the product: every public method and path, and who answers it. Proxying, /help, 404 hints, 405 and the check against the
 * services' own OpenAPI documents all read this list, in this order.
 */
export const routes: readonly Route[] = [...properRoutes, ...courseRoutes, ...special, ...ownRoutes];
