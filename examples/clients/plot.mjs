// A client in Node without a package: loads a file, follows a plot job by its events, saves the picture. Usage: plot.mjs FILE [PICTURE]
import { readFile, writeFile } from 'node:fs/promises';

const { API = 'http://localhost:5000', ALMANAC_WRITE_TOKEN } = process.env;
const authorization = ALMANAC_WRITE_TOKEN === undefined ? {} : { Authorization: `Bearer ${ALMANAC_WRITE_TOKEN}` };
const [file, picture = 'plot.png'] = process.argv.slice(2);

/** Sends a request. An error response is JSON whose `detail` says what to change. */
async function call(method, path, body, type = 'application/json') {
  const response = await fetch(new URL(path, API), {
    method,
    body,
    headers: { ...authorization, ...(body === undefined ? {} : { 'Content-Type': type }) },
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${(await response.json()).detail}`);
  return response;
}

/** Reads the events of a job, one after each change, and returns the job at its end. */
async function follow(id) {
  let text = '';
  for await (const part of (await call('GET', `/v1/jobs/${id}/events`)).body.pipeThrough(new TextDecoderStream())) {
    text += part;
    const events = text.split('\n\n');
    text = events.pop();
    for (const [, data] of events.map((event) => /^data: (.*)$/m.exec(event)).filter(Boolean)) {
      const job = JSON.parse(data);
      console.log(job.status, job.progress);
      if (['complete', 'failed', 'cancelled'].includes(job.status)) return job;
    }
  }
  throw new Error('the events ended before the job');
}

const report = await (await call('PUT', '/v1/datasets/landings', await readFile(file), 'text/csv')).json();
console.log(`loaded ${report.rows} records`);
const submission = { process: 'plot', inputs: { dataset: 'landings', type: 'scatter', x: 'reclong', y: 'reclat' }, outputs: ['svg'] };
const { id } = await (await call('POST', '/v1/jobs', JSON.stringify(submission))).json();
const job = await follow(id);
if (job.status !== 'complete') throw new Error(`the job ended as ${job.status}: ${job.problem?.detail}`);
await writeFile(picture, Buffer.from(await (await call('GET', job.results.svg.href)).arrayBuffer()));
console.log('saved', picture);
