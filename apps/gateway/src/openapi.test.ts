import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from './map.ts';
import { differences } from './openapi/compare.ts';
import { type OpenApi, operationsOf, shapeOf } from './openapi/document.ts';
import { type Route, type ServiceName, serviceNames } from './route.ts';
import { ask, sendText, startGateway, startStub } from './testing.ts';

const Problem = { type: 'object', properties: { status: { type: 'integer' } } };

/** The /openapi.json of a service that has all its routes of the map. */
function documentOf(service: ServiceName, given: readonly Route[] = routes): OpenApi {
  const document: OpenApi = {
    openapi: '3.1.0',
    info: { title: `Almanac ${service}`, version: '1' },
    tags: [{ name: service, description: `what ${service} does` }],
    paths: { '/livez': { get: { operationId: `livez-${service}`, tags: ['health'] } } },
    components: { schemas: { Problem, Thing: { title: service, items: { $ref: '#/components/schemas/Problem' } } } },
  };
  for (const { method, path } of given.filter(({ owner }) => owner === service)) {
    const name = service === 'ingest' ? 'dataset' : 'id';
    const written = path.replace(':id', `{${name}}`).replace(/:(\w+)/g, '{$1}');
    document.paths[written] = {
      ...document.paths[written],
      [method.toLowerCase()]: {
        operationId: method === 'GET' && path.endsWith(':id') ? 'getOne' : `${method}${path}`,
        tags: [service],
        parameters: path.includes(':id') ? [{ name, in: 'path' }] : [],
        responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } } },
      },
    };
  }
  return document;
}

const startServices = async (t: Parameters<typeof startStub>[0], documents: Record<ServiceName, () => OpenApi | undefined>) => {
  const urls: Record<string, string> = {};
  for (const name of serviceNames) {
    const stub = await startStub(t, (request, answer) => {
      const document = documents[name]();
      if (request.url !== '/openapi.json' || document === undefined) answer.writeHead(503, { 'content-length': 0 }).end();
      else sendText(answer, JSON.stringify(document));
    });
    urls[name] = stub.url;
  }
  return startGateway(t, 'http://127.0.0.1:1', {}, urls);
};

test('the documents of all services are merged: every route once, with unique names', async (t) => {
  const { base } = await startServices(t, {
    ingest: () => documentOf('ingest'),
    query: () => documentOf('query'),
    jobs: () => documentOf('jobs'),
  });
  const { headers, body } = await ask(`${base}/openapi.json`);
  assert.match(headers['content-type'] as string, /^application\/json/);
  const merged = JSON.parse(body) as OpenApi;
  assert.equal(merged.openapi, '3.1.0');
  assert.deepEqual([merged.servers, merged['x-notes'], merged['x-differences']], [[], [], []]);
  const operations = [...operationsOf(merged)];
  const shown = new Set(operations.map(({ method, path }) => `${method} ${shapeOf(path)}`));
  for (const { method, path, owner } of routes)
    if (owner !== 'self') assert.ok(shown.has(`${method} ${shapeOf(path)}`), `${method} ${path}`);
  const ids = operations.map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(!body.includes('livez-query'), "the services' own health routes cannot be reached from outside");
  assert.ok(body.includes('livez-gateway'));
  // A path has the same parameter names, whichever service documents it.
  assert.equal(
    operations.filter(({ path }) => shapeOf(path) === '/v1/datasets/{}').every(({ path }) => path === '/v1/datasets/{id}'),
    true,
  );
  assert.deepEqual(merged.paths['/v1/datasets/{id}']?.put?.parameters, [{ name: 'id', in: 'path' }]);
  // Equal schemas are shared, others renamed, and every reference resolves.
  const schemas = merged.components?.schemas as Record<string, { title?: string }>;
  assert.deepEqual(
    ['Thing', 'queryThing', 'jobsThing'].map((name) => schemas[name]?.title),
    ['ingest', 'query', 'jobs'],
  );
  for (const [, name] of body.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) assert.ok((name as string) in schemas, name);
  assert.ok(JSON.stringify(merged.paths['/v1/jobs/{id}']).includes('jobsThing'));
  for (const tag of ['ingest', 'query', 'jobs'])
    assert.ok(merged.tags?.some(({ name, description }) => name === tag && description !== undefined));
});

test('for an unavailable service, its last document is used, with a note', async (t) => {
  let query: OpenApi | undefined = documentOf('query');
  const { base } = await startServices(t, { ingest: () => documentOf('ingest'), query: () => query, jobs: () => undefined });
  const read = async () => JSON.parse((await ask(`${base}/openapi.json`)).body) as OpenApi;
  const first = await read();
  assert.match(String(first['x-notes']), /jobs is unavailable; its routes are missing/);
  assert.equal(first.paths['/v1/jobs'], undefined);
  query = undefined;
  const second = await read();
  assert.match(String(second['x-notes']), /query is unavailable; its routes are shown as last/);
  assert.match(second.info.description as string, /query is unavailable/);
  assert.ok(second.paths['/v1/datasets']?.get);
});

test('differences between the map and a service are reported as sentences', () => {
  const all = (change: (document: OpenApi) => void) => {
    const documents = new Map(serviceNames.map((name) => [name, documentOf(name)]));
    change(documents.get('query') as OpenApi);
    return differences(routes, documents);
  };
  assert.deepEqual(
    all(() => {}),
    [],
  );
  const missing = all((document) => {
    delete document.paths['/v1/datasets/{id}/rejects'];
  });
  assert.deepEqual(missing, ['The map sends GET /v1/datasets/{}/rejects to query, which does not document it.']);
  const extra = all((document) => {
    document.paths['/v1/secret'] = { get: {} };
  });
  assert.deepEqual(extra, ['query documents GET /v1/secret, which the map does not send there.']);
  const whole = all((document) => {
    document.paths['/v1/datasets/{id}.{format}'] = { get: {} };
  });
  assert.deepEqual(whole, []);
});
