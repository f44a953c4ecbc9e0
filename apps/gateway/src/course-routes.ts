import type { Route } from './route.ts';

const course = (method: Route['method'], path: string, owner: Route['owner'], summary: string, example: string, quick?: true): Route => ({
  method,
  path,
  owner,
  ...(quick === undefined ? {} : { quick }),
  group: 'Course',
  summary,
  example,
});

/** What all systems of the course have in common: data in and out, jobs, a picture. They are about the default data set, or ?dataset=. */
export const courseRoutes: readonly Route[] = [
  course('POST', '/data', 'ingest', 'Load the data set from its source; with a body: from that', '-X POST $BASE/data'),
  course('GET', '/data', 'query', 'All records; start, limit, offset, search, shape=dict', '"$BASE/data?limit=3"'),
  course('GET', '/data/:id', 'query', 'One record by its id', '$BASE/data/10001', true),
  course('GET', '/get-keys', 'query', 'The ids of all records', '$BASE/get-keys'),
  course('DELETE', '/data', 'ingest', 'Delete all records', '-X DELETE $BASE/data'),
  course('POST', '/post-data', 'ingest', 'Load the data set from its source again', '-X POST $BASE/post-data'),
  course('DELETE', '/delete-data', 'ingest', 'Delete all records', '-X DELETE $BASE/delete-data'),
  course(
    'POST',
    '/jobs',
    'jobs',
    'Submit a job: a plot of the records between start and end',
    `-d '{"start":"2001","end":"2021"}' $BASE/jobs`,
  ),
  course('GET', '/jobs', 'jobs', 'All jobs by id; shape=list, shape=ids', '$BASE/jobs'),
  course('DELETE', '/jobs', 'jobs', 'Forget all jobs', '-X DELETE $BASE/jobs'),
  course('GET', '/jobs/:id', 'jobs', "A job's status and what it was asked for", '$BASE/jobs/$JOB', true),
  course('GET', '/jobs/:id/results', 'jobs', 'What a job found out; 202 while it is not finished', '$BASE/jobs/$JOB/results', true),
  course('GET', '/results/:id', 'jobs', 'The same', '$BASE/results/$JOB', true),
  course('GET', '/download/:id', 'jobs', "A job's picture, as a file", '-o plot.png $BASE/download/$JOB'),
  course('POST', '/submit', 'jobs', 'Submit a job; the answer is a sentence', `-d '{"start":"2001","end":"2021"}' $BASE/submit`),
  { ...course('POST', '/image', 'jobs', 'Draw a picture of the data set and keep it', '-X POST $BASE/image'), waits: true },
  course('GET', '/image', 'jobs', 'That picture', '-o image.png $BASE/image'),
  course('DELETE', '/image', 'jobs', 'Delete it', '-X DELETE $BASE/image'),
  course('GET', '/hello', 'self', 'A greeting', '$BASE/hello'),
  course('GET', '/hello/:name', 'self', 'A greeting by name', '$BASE/hello/Ada'),
];
