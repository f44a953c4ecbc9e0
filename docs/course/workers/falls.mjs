// A worker of your own in Node, without a connection to the store: takes jobs and hands in results by HTTP alone.
const { API = 'http://localhost:5000', ALMANAC_WRITE_TOKEN: token } = process.env;
const door = token === undefined ? {} : { Authorization: `Bearer ${token}` }; // where the public door asks for one

const ask = async (method, path, body, held = {}) => {
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const answer = await fetch(API + path, { method, body, headers: { ...type, ...door, ...held } });
  return answer.status === 204 ? undefined : answer.ok ? answer.json() : Promise.reject(new Error(await answer.text()));
};
await ask(
  'PUT',
  '/v1/processes/count',
  JSON.stringify({
    version: '1',
    title: 'Falls by class',
    leaseSeconds: 10,
    outputs: { json: { mediaType: 'application/json' } },
  }),
);
console.log('waiting for jobs');

for (;;) {
  const job = await ask('POST', '/v1/processes/count/take?wait=30');
  if (job === undefined) continue;
  console.log('took', job.id);
  const tell = (method, verb, body) => ask(method, `/v1/jobs/${job.id}/${verb}`, body, { 'Worker-Token': job.token });
  try {
    const rows = (await (await fetch(new URL(job.data.href, API))).text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    await tell('PATCH', 'progress', JSON.stringify({ progress: 50, stage: 'count' }));
    const counts = {};
    for (const { recclass } of rows) counts[recclass] = (counts[recclass] ?? 0) + 1;
    await tell('PUT', 'results/json', JSON.stringify(counts));
    await tell('POST', 'finish', JSON.stringify({ message: `${rows.length} falls` }));
  } catch (error) {
    await tell('POST', 'fail', JSON.stringify({ message: error.message, retry: true })).catch(console.error);
  }
}
