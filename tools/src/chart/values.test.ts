import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { root } from '../system/places.ts';
import { chart, installations } from './render.ts';
import { hasValuesTable, valuesTable, withValuesTable } from './values-table.ts';

const read = (file: string) => readFileSync(join(chart, file), 'utf8');
const schema = JSON.parse(read('values.schema.json'));
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
const problems = (values: unknown): string[] => {
  validate(values);
  return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
};

for (const file of new Set(['values.yaml', ...installations.flatMap(({ files }) => files)])) {
  test(`${file} matches the schema`, () => assert.deepEqual(problems(parse(read(file), { merge: true })), []));
}

test('an unknown value, or one of a wrong type or format, is rejected with its path', () => {
  for (const [values, path] of [
    [{ services: { query: { imag: { tag: '1' } } } }, '/services/query'],
    [{ services: { plotter: {} } }, '/services'],
    [{ services: { query: { replicas: 'two' } } }, '/services/query/replicas'],
    [{ image: { tag: 'a:b' } }, '/image/tag'],
    [{ services: { jobs: { image: { digest: 'sha256:1' } } } }, '/services/jobs/image/digest'],
    [{ redis: { auth: { passwords: { jobs: 'a@b' } } } }, '/redis/auth/passwords/jobs'],
    [{ redis: { appendfsync: 'no' } }, '/redis/appendfsync'],
    [{ externalRedis: { url: 'redis://user:secret@host' } }, '/externalRedis/url'],
    [{ backup: { schedule: 'daily' } }, '/backup/schedule'],
    [{ backup: { restore: { file: '../x.rdb' } } }, '/backup/restore/file'],
    [{ nodePort: { port: 80 } }, '/nodePort/port'],
    [{ environment: 'staging' }, '/environment'],
    [{ services: { query: { env: { 'lower-case': '1' } } } }, '/services/query/env'],
    [{ services: { query: { resources: { requests: { cpu: 1 } } } } }, '/services/query/resources'],
  ] as const) {
    assert.ok(
      problems(values).some((problem) => problem.startsWith(path)),
      `${JSON.stringify(values)}: ${problems(values)}`,
    );
  }
});

test('the schema describes every default', () => {
  // additionalProperties: false everywhere is what makes a misspelt value an error.
  const open: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { properties, additionalProperties } = node as { properties?: object; additionalProperties?: unknown };
    if (properties !== undefined && path.at(-1) !== 's' && additionalProperties !== false) open.push(path);
    for (const [key, value] of Object.entries(node)) walk(value, `${path}/${key}`);
  };
  walk(schema, '#');
  assert.deepEqual(open, []);
});

test("the chart's version of the application is the repository's", () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  assert.equal(parse(read('Chart.yaml')).appVersion, version);
});

test('the README of the chart lists every value (UPDATE_DOCS=1 writes it)', () => {
  const text = read('README.md');
  assert.ok(hasValuesTable(text), 'the README has the markers of the table');
  const right = withValuesTable(text, valuesTable(read('values.yaml')));
  if (process.env.UPDATE_DOCS === '1') writeFileSync(join(chart, 'README.md'), right);
  else assert.equal(text, right);
});
