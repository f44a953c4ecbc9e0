// A worker in Node without a package. It takes jobs and stores results over HTTP only, with no connection to Redis.
const { API = 'http://localhost:5000', ALMANAC_WRITE_TOKEN } = process.env;
const authorization = ALMANAC_WRITE_TOKEN === undefined ? {} : { Authorization: `Bearer ${ALMANAC_WRITE_TOKEN}` };

/** Sends a request and returns the JSON of the response, or undefined if it has none. */
async function call(method, path, body, headers = {}) {
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const response = await fetch(API + path, { method, body: JSON.stringify(body), headers: { ...type, ...authorization, ...headers } });
  if (!response.ok) throw new Error(await response.text());
  return response.status === 204 ? undefined : response.json();
}

await call('PUT', '/v1/processes/count', {
  version: '1',
  title: 'Falls by class',
  leaseSeconds: 10,
  outputs: { json: { mediaType: 'application/json' } },
});
console.log('waiting for jobs');

for (;;) {
  const job = await call('POST', '/v1/processes/count/take?wait=30');
  if (job === undefined) continue;
  console.log('took', job.id);
  const report = (method, action, body) => call(method, `/v1/jobs/${job.id}/${action}`, body, { 'Worker-Token': job.token });
  try {
    const response = await fetch(new URL(job.data.href, API));
    if (!response.ok) throw new Error(await response.text());
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    await report('PATCH', 'progress', { progress: 50, stage: 'count' });
    const counts = {};
    for (const { recclass } of lines.map((line) => JSON.parse(line))) counts[recclass] = (counts[recclass] ?? 0) + 1;
    await report('PUT', 'results/json', counts);
    await report('POST', 'finish', { message: `${lines.length} falls` });
  } catch (error) {
    // If this fails too, the job returns to the queue when its lease ends.
    await report('POST', 'fail', { message: error.message, retry: true }).catch(console.error);
  }
}
