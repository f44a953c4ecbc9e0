// `helm test` runs this script: it loads a data set, runs a job, checks that the result is a PNG, and deletes the data set.
const { BASE, WRITE_TOKEN } = process.env;
const base = new URL(BASE);
const id = `helm-test-${Date.now().toString(36)}`;
// WRITE_TOKEN can be a comma-separated list of tokens.
const token = WRITE_TOKEN?.split(',')[0].trim();
const headers = token ? { authorization: `Bearer ${token}` } : {};

// A request that a busy service refuses is retried after its Retry-After, within the deadline of the Job.
const busy = [429, 502, 503, 504];
const deadline = Date.now() + 200_000;

async function ask(method, path, options = {}) {
  const { ok = [200, 201, 202, 204] } = options;
  let response = await send(method, path, options);
  while (busy.includes(response.status)) {
    const seconds = Number(response.headers.get('retry-after')) || 1;
    if (Date.now() + seconds * 1000 > deadline) break;
    console.log(method, path, response.status, `retrying in ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    response = await send(method, path, options);
  }
  if (!ok.includes(response.status)) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  console.log(method, path, response.status);
  return response;
}

/** Returns the response, or one with status 503 if there was none. */
async function send(method, path, { body, type }) {
  try {
    return await fetch(new URL(path, base), {
      method,
      body,
      headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) },
      signal: AbortSignal.timeout(60_000),
    });
  } catch (error) {
    return new Response(`no response: ${error.cause?.message ?? error.message}`, { status: 503 });
  }
}

const rows = Array.from({ length: 50 }, (_, i) => `${i},${(Math.sin(i / 5) * 10).toFixed(3)}`);
await ask('GET', '/readyz');
await ask('PUT', `/v1/datasets/${id}`, { body: ['step,value', ...rows].join('\n'), type: 'text/csv' });
try {
  const records = await (await ask('GET', `/v1/datasets/${id}/records?limit=1`)).json();
  if (!JSON.stringify(records).includes('"step"')) throw new Error(`the response has no record: ${JSON.stringify(records)}`);
  const body = JSON.stringify({ inputs: { dataset: id } });
  let job = await (await ask('POST', '/v1/jobs', { body, type: 'application/json' })).json();
  const until = Date.now() + 120_000;
  while (!['complete', 'failed', 'cancelled'].includes(job.status)) {
    if (Date.now() > until) throw new Error(`the job is still ${job.status} after two minutes: check that a renderer runs`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    job = await (await ask('GET', `/v1/jobs/${job.id}`)).json();
  }
  if (job.status !== 'complete') throw new Error(`the job ended as ${JSON.stringify(job)}`);
  const image = Buffer.from(await (await ask('GET', job.results.png.href)).arrayBuffer());
  if (image.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') throw new Error('the result is not a PNG');
  console.log(`the result is a PNG of ${image.length} bytes`);
} finally {
  await ask('DELETE', `/v1/datasets/${id}`, { ok: [200, 202, 204] });
}
console.log('test passed');
