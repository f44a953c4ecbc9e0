import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readManifest } from '@almanac/store';
import { startIngest } from '../../testing.ts';

const ingest = await startIngest({ maxBytes: 1 << 20, stallSeconds: 1 });
after(() => ingest.close());

const csv = { 'content-type': 'text/csv' };
const json = { 'content-type': 'application/json' };
const BODY = 'id,name,mass (g)\n1,Aachen,21\n2,Aarhus,720.5\n';
const RECORDS = [
  { id: 1, name: 'Aachen', 'mass (g)': 21 },
  { id: 2, name: 'Aarhus', 'mass (g)': 720.5 },
];

test('PUT creates with 201, replaces with 200, and reports what it made of the body', async () => {
  const first = await ingest.send('/v1/datasets/m?title=Landings', BODY, csv);
  assert.equal(first.status, 201);
  assert.equal(first.headers.get('location'), '/v1/datasets/m');
  assert.equal(first.headers.get('etag'), `"${first.report.version}"`);
  const { digest, columns, bytes, seconds, ...rest } = first.report;
  assert.deepEqual(rest, {
    dataset: 'm',
    version: `1-${digest.slice(0, 16)}`,
    format: 'csv',
    rows: 2,
    rejected: 0,
    rejects: [],
    key: 'id',
    notes: ["Records are keyed by 'id' (guessed; unique in every row). Use ?key=COLUMN to choose another, or ?key= for none."],
    links: [
      { rel: 'self', href: '/v1/datasets/m', type: 'application/json' },
      { rel: 'records', href: '/v1/datasets/m/records', type: 'application/json' },
    ],
  });
  assert.deepEqual(columns[2], {
    name: 'mass (g)',
    type: 'number',
    title: 'mass',
    unit: 'g',
    asStored: true,
    evidence: { present: 2, missing: 0, kinds: { integer: 1, number: 1 }, distinct: 2, min: 21, max: 720.5, examples: ['21', '720.5'] },
  });
  assert.equal(bytes.source, BODY.length);
  assert.ok(seconds >= 0 && bytes.raw > 0 && bytes.stored > 0);
  assert.deepEqual(await ingest.records('m'), RECORDS);
  assert.equal((await readManifest(ingest.redis, 'm'))?.title, 'Landings');
  const second = await ingest.send('/v1/datasets/m', BODY, csv);
  assert.equal(second.status, 200);
  assert.match(second.report.version, /^2-/);
  assert.equal(second.headers.get('location'), null);
  assert.ok(ingest.log.some(({ msg, dataset, rows }) => msg === 'data set loaded' && dataset === 'm' && rows === 2));
});

test('every format, told or found out', async () => {
  const tsv = BODY.replaceAll(',', '\t');
  const list = JSON.stringify(RECORDS);
  const lines = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('');
  const yaml = `landings:\n${RECORDS.map((record) => `- {id: ${record.id}, name: ${record.name}, mass (g): ${record['mass (g)']}}\n`).join('')}`;
  const cases: [string, string | Uint8Array, Record<string, string>, string, RegExp?][] = [
    ['', BODY, { 'content-type': 'text/csv; header=present; charset=utf-8' }, 'csv'],
    ['', tsv, { 'content-type': 'text/tab-separated-values' }, 'tsv'],
    ['', list, json, 'json'],
    ['', JSON.stringify({ response: { docs: RECORDS } }), json, 'json'],
    ['', lines, { 'content-type': 'application/x-ndjson' }, 'ndjson'],
    ['', lines, { 'content-type': 'application/jsonl' }, 'ndjson'],
    ['', BODY, { 'content-type': 'application/x-www-form-urlencoded' }, 'csv', /read as CSV, judging by its first bytes/],
    ['', tsv, { 'content-type': 'text/plain' }, 'tsv', /read as TSV/],
    ['', lines, { 'content-type': 'application/octet-stream' }, 'ndjson', /read as NDJSON/],
    ['', list, {}, 'json', /No Content-Type does not name a format/],
    ['?f=csv', BODY, { 'content-type': 'application/octet-stream' }, 'csv'],
    ['?filename=a.csv.gz', gzipSync(BODY), {}, 'csv', /the file name 'a\.csv\.gz'/],
    ['', gzipSync(BODY), { 'content-type': 'text/csv', 'content-encoding': 'gzip' }, 'csv'],
    ['', gzipSync(list), { 'content-type': 'application/gzip' }, 'json', /read as JSON/],
    ['', gzipSync(lines), { 'content-type': 'application/x-ndjson+gzip' }, 'ndjson'],
    ['', `\uFEFF${BODY.replaceAll('\n', '\r\n')}`, csv, 'csv'],
    ['', yaml, { 'content-type': 'application/yaml' }, 'yaml'],
    ['', yaml, { 'content-type': 'text/yaml; charset=utf-8' }, 'yaml'],
    ['', list, { 'content-type': 'application/x-yaml' }, 'yaml'],
    ['', yaml, { 'content-type': 'text/plain' }, 'yaml', /read as YAML, judging by its first bytes/],
    ['?filename=a.yml', yaml, {}, 'yaml', /the file name 'a\.yml'/],
    ['', gzipSync(yaml), {}, 'yaml'],
  ];
  for (const [query, body, headers, format, note] of cases) {
    const { status, report, problem } = await ingest.send(`/v1/datasets/f${query}`, body, headers);
    assert.ok(status < 300, `${JSON.stringify([query, headers])}: ${problem.detail}`);
    assert.equal(report.format, format);
    assert.deepEqual(await ingest.records('f'), RECORDS);
    if (note !== undefined) assert.match(report.notes.join('\n'), note);
  }
});

const XML = '<d><by>NASA</by><r><id>1</id><name>Aachen</name></r><r><id>2</id><name>Aarhus</name></r></d>';
const KVN =
  'CCSDS_OEM_VERS = 2.0\nORIGINATOR = JSC\nMETA_START\nOBJECT_NAME = ISS\nMETA_STOP\nCOMMENT one\n' +
  '2024-02-21T12:00:00 1.50 2 3 4 5 6\n2024-02-21T12:04:00 2.50 2 3 4 5 6\n';
const OEM = `<?xml version="1.0"?>\n<ndm><oem id="CCSDS_OEM_VERS" version="2.0"><header/><body><segment><metadata/><data>${[0, 4]
  .map(
    (minute) =>
      `<stateVector><EPOCH>2024-052T12:0${minute}:00.000Z</EPOCH>${['X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT']
        .map((name) => `<${name} units="${name.includes('_') ? 'km/s' : 'km'}">1.50</${name}>`)
        .join('')}</stateVector>`,
  )
  .join('')}</data></segment></body></oem></ndm>`;

test('XML, and an ephemeris whatever its Content-Type says', async () => {
  const note = /The body was read as OEM: an orbit ephemeris .* Use f=xml to read it as any other XML/;
  const cases: [string, string | Uint8Array, string, string, RegExp?][] = [
    ['', XML, 'application/xml', 'xml'],
    ['', XML, 'text/xml; charset=utf-8', 'xml'],
    ['', gzipSync(XML), 'application/octet-stream', 'xml', /read as XML, judging by its first bytes/],
    ['', OEM, 'application/xml', 'oem', note],
    ['', OEM, 'text/xml', 'oem', note],
    ['', OEM, 'text/plain', 'oem', /read as OEM, judging by its first bytes/],
    ['?filename=ISS.OEM_J2K_EPH.xml', OEM, 'application/octet-stream', 'oem', /read as OEM, judging by its first bytes/],
    ['?filename=iss.oem', OEM, 'application/octet-stream', 'oem', /the file name 'iss\.oem'/],
    ['?f=oem', OEM, 'application/xml', 'oem'],
    ['?f=xml', OEM, 'application/xml', 'xml'],
    ['', OEM, 'application/oem', 'oem'],
    ['', KVN, 'text/plain', 'oem', /read as OEM/],
    ['?filename=ISS.OEM_J2K_EPH.txt', KVN, 'application/octet-stream', 'oem', /read as OEM/],
    ['', KVN.replaceAll('\n', '\r\n'), 'application/x-www-form-urlencoded', 'oem'],
    ['?f=oem', KVN, 'application/octet-stream', 'oem'],
  ];
  for (const [query, body, contentType, format, note] of cases) {
    const { status, report, problem } = await ingest.send(`/v1/datasets/x${query}`, body, { 'content-type': contentType });
    assert.ok(status < 300, `${JSON.stringify([query, contentType, format])}: ${problem.detail}`);
    assert.deepEqual([report.format, report.rows, report.rejected], [format, 2, 0]);
    if (format === 'oem') assert.deepEqual([report.key, report.columns[1]?.unit, report.columns[4]?.unit], ['EPOCH', 'km', 'km/s']);
    if (note !== undefined) assert.match(report.notes.join('\n'), note);
  }
});

test('where records came from is kept beside them, and is part of the digest', async () => {
  const first = await ingest.send('/v1/datasets/origin', KVN, { 'content-type': 'text/plain' });
  const { schema } = (await readManifest(ingest.redis, 'origin')) ?? {};
  assert.equal(schema?.format, 'oem');
  assert.deepEqual(schema?.about, {
    format: 'oem-kvn',
    version: '2.0',
    id: 'CCSDS_OEM_VERS',
    header: { ORIGINATOR: 'JSC' },
    metadata: { OBJECT_NAME: 'ISS' },
    comments: ['one'],
  });
  assert.equal((await ingest.send('/v1/datasets/origin', KVN, { 'content-type': 'text/plain' })).report.digest, first.report.digest);
  const other = await ingest.send('/v1/datasets/origin', KVN.replace('one', 'two'), { 'content-type': 'text/plain' });
  assert.notEqual(other.report.digest, first.report.digest);
  await ingest.send('/v1/datasets/origin', XML, { 'content-type': 'application/xml' });
  assert.deepEqual((await readManifest(ingest.redis, 'origin'))?.schema.about, { by: 'NASA' });
  await ingest.send('/v1/datasets/origin', BODY, csv);
  const { format, about } = (await readManifest(ingest.redis, 'origin'))?.schema ?? {};
  assert.deepEqual([format, about], ['csv', undefined]);
});

test('a source that says very much about itself is loaded without it', async () => {
  const body = KVN.replace('COMMENT one\n', `COMMENT ${'x'.repeat(60)}\n`.repeat(5000));
  const { status, report } = await ingest.send('/v1/datasets/talkative', body, { 'content-type': 'text/plain' });
  assert.deepEqual([status, report.rows], [201, 2]);
  assert.match(report.notes.join(), /longer than 65,536 bytes and was not stored/);
  assert.equal((await readManifest(ingest.redis, 'talkative'))?.schema.about, undefined);
});

test('a column that a load computes is known as such', async () => {
  const rows = [1, 2].map((a0) => ({ datetime: `2023-02-0${a0} 00:00`, calibration_constant: a0, detector_current: 1 }));
  const derived = async (body: object[]) => {
    const { report } = await ingest.send('/v1/datasets/water', JSON.stringify(body), json);
    const stored = (await readManifest(ingest.redis, 'water'))?.schema.columns ?? [];
    assert.deepEqual(
      report.columns.map(({ evidence: _, ...column }) => column),
      stored,
    );
    return stored.filter((column) => column.derived).map(({ name }) => name);
  };
  assert.deepEqual(await derived(rows), ['turbidity']);
  assert.deepEqual(await derived(rows.map((row) => ({ ...row, turbidity: 5 }))), []);
});

test('rows that cannot become records are kept apart and the rest is loaded', async () => {
  const { status, report } = await ingest.send('/v1/datasets/rejects', 'id,a\n1,x\n2\n3,y,z\n4,w\n', csv);
  assert.deepEqual([status, report.rows, report.rejected], [201, 2, 2]);
  assert.deepEqual(report.rejects[0], { row: 2, reason: 'has 1 field, the header has 2', raw: '2' });
  assert.ok(report.links.some(({ rel }) => rel === 'rejects'));
  const many = await ingest.send('/v1/datasets/rejects', `id,a\n1,x\n${'2\n'.repeat(50)}`, csv);
  assert.deepEqual([many.report.rejected, many.report.rejects.length], [50, 20]);
});

test('a key that was named is kept: rows that repeat or lack it are not loaded', async () => {
  const body = 'n,code\n1,a\n2,\n3,a\n4,b\n';
  const { report } = await ingest.send('/v1/datasets/keyed?key=code', body, csv);
  assert.deepEqual([report.rows, report.key], [2, 'code']);
  assert.deepEqual(
    report.rejects.map(({ row, reason }) => [row, reason]),
    [
      [2, "has no value in the key column 'code'"],
      [3, "repeats the key 'a' of an earlier row"],
    ],
  );
  assert.equal(report.columns[0]?.evidence.max, 4);
  assert.equal(report.columns[0]?.evidence.present, 2);
  const none = await ingest.send('/v1/datasets/keyed?key=', body, csv);
  assert.deepEqual([none.report.rows, none.report.key, none.report.notes], [4, null, []]);
  const unknown = await ingest.send('/v1/datasets/keyed?key=cod', body, csv);
  assert.deepEqual([unknown.status, unknown.problem.type], [400, '/problems/unknown-column']);
  assert.match(unknown.problem.detail, /did you mean 'code'/);
});

test('a key that was guessed is given up where it does not hold, and the report says why', async () => {
  const repeated = await ingest.send('/v1/datasets/guess', 'id,a\nx,1\ny,2\nx,3\ny,4\n', csv);
  assert.deepEqual([repeated.report.rows, repeated.report.rejected, repeated.report.key], [4, 0, null]);
  assert.match(repeated.report.notes.join(), /'id' was guessed, but row 3 repeats the key 'x' of an earlier row/);
  assert.equal((await ingest.records('guess')).length, 4);
  assert.equal((await readManifest(ingest.redis, 'guess'))?.schema.key, undefined);
  const missing = await ingest.send('/v1/datasets/guess', '[{"id":1},{"id":null},{"id":3}]', json);
  assert.deepEqual([missing.report.rows, missing.report.key], [3, null]);
  assert.match(missing.report.notes.join(), /row 2 has no value in the key column 'id'/);
});

test('bad bodies are refused, each with what is wrong and what would be right; the data set stays as it was', async () => {
  await ingest.send('/v1/datasets/kept', BODY, csv);
  const cases: [string, string | Uint8Array, Record<string, string>, number, string, RegExp][] = [
    ['', '', csv, 400, 'empty-data', /The body is empty/],
    ['', '', {}, 400, 'empty-data', /The body is empty/],
    ['', '[]', json, 400, 'empty-data', /The body has no records/],
    ['', 'a,b\n', csv, 400, 'empty-data', /The body has no records/],
    ['', gzipSync(''), csv, 400, 'empty-data', /The body is empty/],
    ['', 'a,b\n1\n2\n', csv, 400, 'empty-data', /None of the 2 rows that were read is a valid record: row 1 has 1 field/],
    ['', '[1,2]', json, 400, 'empty-data', /row 1 is a number, not an object/],
    ['', '<!doctype html><p>Error', json, 400, 'malformed-data', /declares JSON, but the body looks like an HTML page/],
    [
      '',
      '<!doctype html><p>Error',
      {},
      400,
      'malformed-data',
      /looks like an HTML page. Supported formats: csv, tsv, json, ndjson, xml, yaml, oem;/,
    ],
    [
      '',
      '[{"a":1}]',
      csv,
      400,
      'malformed-data',
      /declares CSV, but the body looks like JSON.*Send it with Content-Type application\/json/,
    ],
    ['', BODY, json, 400, 'malformed-data', /declares JSON, but the body looks like CSV.*Send it with Content-Type text\/csv/],
    ['', '{"a":1}\n{"a":2}\n', json, 400, 'malformed-data', /looks like NDJSON.*application\/x-ndjson/],
    ['', '[{"a":1}]', { 'content-type': 'application/x-ndjson' }, 400, 'malformed-data', /looks like JSON/],
    ['?f=json', BODY, csv, 400, 'malformed-data', /f=json declares JSON, but the body looks like CSV/],
    ['', BODY, { 'content-type': 'text/tab-separated-values' }, 400, 'malformed-data', /[Ss]end it (as|with Content-Type) text\/csv/],
    ['', '[{"a":1},{"a":', json, 400, 'malformed-data', /Line 1, column 15: the data ends early/],
    ['', '[{"a":1}] trailing', json, 400, 'malformed-data', /unexpected text after the end of the data/],
    ['', 'a,b\n1,"open\n2,3\n', csv, 400, 'malformed-data', /Line 2, column 3: the quoted field that begins here has no closing quote/],
    ['', gzipSync(BODY.repeat(50)).subarray(0, 60), csv, 400, 'malformed-data', /gzip archive ends early/],
    ['', BODY, { ...csv, 'content-encoding': 'gzip' }, 400, 'malformed-data', /Content-Encoding is gzip, but/],
    ['', gzipSync(gzipSync(BODY)), csv, 400, 'malformed-data', /gzip inside gzip: 2 layers, the limit is 1 layers/],
    ['', Buffer.from('a,b\n1,\xe9\n', 'latin1'), csv, 400, 'malformed-data', /Byte 7 \(0xE9\) is not UTF-8/],
    ['', Buffer.from('504b030414000000', 'hex'), {}, 400, 'malformed-data', /Excel workbook/],
    ['', BODY, { 'content-type': 'image/png' }, 415, 'unsupported-media-type', /'image\/png'.*supported: text\/csv/],
    ['', BODY, { 'content-type': 'text/cvs' }, 415, 'unsupported-media-type', /did you mean 'text\/csv'/],
    ['', BODY, { 'content-type': 'nonsense' }, 415, 'unsupported-media-type', /nonsense|edia/],
    ['', '--x\r\n', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'unsupported-media-type', /curl --data-binary @file/],
    ['', BODY, { ...csv, 'content-encoding': 'br' }, 415, 'unsupported-media-type', /Content-Encoding 'br' is not supported/],
    ['?kee=id', BODY, csv, 400, 'unknown-parameter', /did you mean 'key'/],
    ['?f=xls', BODY, csv, 400, 'invalid-parameter', /did you mean 'xml'/],
    ['', XML, json, 400, 'malformed-data', /declares JSON, but the body looks like XML.*Send it with Content-Type application\/xml/],
    ['', XML, csv, 400, 'malformed-data', /declares CSV, but the body looks like XML/],
    ['', KVN, csv, 400, 'malformed-data', /declares CSV, but the body looks like OEM.*Send it with Content-Type application\/oem/],
    ['', OEM, { 'content-type': 'application/x-ndjson' }, 400, 'malformed-data', /declares NDJSON, but the body looks like OEM/],
    [
      '',
      '---\n- a: 1\n',
      csv,
      400,
      'malformed-data',
      /declares CSV, but the body looks like YAML.*Send it with Content-Type application\/yaml/,
    ],
    ['', '[{"a":1}]', { 'content-type': 'application/xml' }, 400, 'malformed-data', /declares XML, but the body looks like JSON/],
    ['', KVN, { 'content-type': 'application/xml' }, 400, 'malformed-data', /declares XML, but the body looks like OEM/],
    ['', XML, { 'content-type': 'application/yaml' }, 400, 'malformed-data', /declares YAML, but the body looks like XML/],
    ['?f=oem', '[{"a":1}]', {}, 400, 'malformed-data', /f=oem declares OEM, but the body looks like JSON/],
    ['?f=oem', XML, {}, 400, 'malformed-data', /this is not an OEM: expected <ndm> or <oem>, found <d>/],
    ['?f=oem', BODY, {}, 400, 'malformed-data', /expected CCSDS_OEM_VERS = 2.0 first/],
    [
      '',
      XML.slice(0, -20),
      { 'content-type': 'text/xml' },
      400,
      'malformed-data',
      /Line 1, column \d+: the data ends early: <name> is not closed/,
    ],
    ['', `<!DOCTYPE d>${XML}`, {}, 400, 'malformed-data', /a DOCTYPE is not allowed/],
    ['', '<d/>', {}, 400, 'empty-data', /The body has no records/],
    [
      '',
      KVN.slice(0, -6),
      { 'content-type': 'text/plain' },
      400,
      'malformed-data',
      /Line 8, column 1: the data ends in the middle of a state/,
    ],
    ['', '- a: !!float 5\n', { 'content-type': 'text/yaml' }, 400, 'malformed-data', /Line 1, column 6: tags are not supported/],
    ['', 'a: 1\n', { 'content-type': 'text/yaml' }, 400, 'malformed-data', /there is no list of records in this document/],
    ['', 'a'.repeat((1 << 20) + 1), csv, 413, 'body-too-large', /1,048,576 bytes/],
    ['', gzipSync(Buffer.alloc(2 << 20, 'a,b\n')), csv, 413, 'body-too-large', /The unpacked body is larger/],
  ];
  for (const [query, body, headers, status, type, detail] of cases) {
    const answer = await ingest.send(`/v1/datasets/kept${query}`, body, headers);
    const about = JSON.stringify([query, headers, body.slice(0, 20).toString(), answer.problem.detail]);
    assert.deepEqual([answer.status, answer.problem.type], [status, `/problems/${type}`], about);
    assert.match(answer.problem.detail, detail);
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  }
  assert.deepEqual(await ingest.records('kept'), RECORDS);
  assert.equal((await readManifest(ingest.redis, 'kept'))?.seq, 1);
  assert.deepEqual(
    ingest.log.filter(({ level }) => level === 'error' || level === 'fatal'),
    [],
  );
});

test('a bad name is refused with one that would do', async () => {
  const { status, problem } = await ingest.send('/v1/datasets/Meteorite%20Landings.csv', BODY, csv);
  assert.deepEqual([status, problem.type], [400, '/problems/invalid-parameter']);
  assert.match(problem.detail, /for example 'meteorite-landings'/);
});

test('a body that is too large says so also when it comes without a length', async () => {
  const chunk = Buffer.alloc(1 << 16, 'a,b\n');
  let sent = 0;
  const stream = new ReadableStream({
    pull(controller) {
      sent++ < 40 ? controller.enqueue(chunk) : controller.close();
    },
  });
  const { status, problem } = await ingest.send('/v1/datasets/large', stream, csv);
  assert.deepEqual([status, (problem as { maxBytes?: number }).maxBytes], [413, 1 << 20]);
});

test('POST makes a name, and never replaces', async () => {
  const cases: [string, Record<string, string>, RegExp][] = [
    ['?id=posted', {}, /^posted$/],
    ['?name=My%20Landings', {}, /^my-landings$/],
    ['', { 'content-disposition': 'attachment; filename="Some Data (1).csv"' }, /^some-data-1$/],
    ['', { 'content-disposition': "attachment; filename=x.csv; filename*=UTF-8''L%C3%A4nder.csv" }, /^lander$/],
    ['?filename=From.Query.csv', {}, /^from-query$/],
    ['', {}, /^dataset-[0-9a-f]{8}$/],
  ];
  for (const [query, headers, id] of cases) {
    const { status, report, problem, headers: answered } = await ingest.send(`/v1/datasets${query}`, BODY, { ...csv, ...headers }, 'POST');
    assert.equal(status, 201, problem.detail);
    assert.match(report.dataset, id);
    assert.equal(answered.get('location'), `/v1/datasets/${report.dataset}`);
  }
  const again = await ingest.send('/v1/datasets?id=posted', BODY, csv, 'POST');
  assert.deepEqual([again.status, again.problem.type], [409, '/problems/conflict']);
  assert.match(again.problem.detail, /PUT \/v1\/datasets\/posted replaces it/);
  assert.equal((await ingest.send('/v1/datasets?id=Bad.Name', BODY, csv, 'POST')).status, 400);
});

test('DELETE is 204, also when repeated', async () => {
  await ingest.send('/v1/datasets/gone', BODY, csv);
  for (const _ of [1, 2]) assert.equal((await ingest.send('/v1/datasets/gone', null, {}, 'DELETE')).status, 204);
  assert.equal(await readManifest(ingest.redis, 'gone'), undefined);
  assert.equal((await ingest.send('/v1/datasets/gone', BODY, csv)).status, 201);
});

test('If-Match replaces only that version, If-None-Match: * only creates', async () => {
  const { report } = await ingest.send('/v1/datasets/tagged', BODY, csv);
  const stale = { ...csv, 'if-match': '"9-0123456789abcdef"' };
  const { status, problem } = await ingest.send('/v1/datasets/tagged', BODY, stale);
  assert.deepEqual([status, problem.type], [412, '/problems/precondition-failed']);
  assert.match(problem.detail, new RegExp(`is at version ${report.version}`));
  assert.equal((await ingest.send('/v1/datasets/tagged', null, { 'if-match': stale['if-match'] }, 'DELETE')).status, 412);
  assert.equal((await ingest.send('/v1/datasets/tagged', BODY, { ...csv, 'if-none-match': '*' })).status, 412);
  assert.equal((await ingest.send('/v1/datasets/tagged', BODY, { ...csv, 'if-match': `"${report.version}"` })).status, 200);
  assert.equal((await ingest.send('/v1/datasets/tagged', BODY, { ...csv, 'if-match': '*' })).status, 200);
  assert.equal((await ingest.send('/v1/datasets/absent', BODY, { ...csv, 'if-match': '*' })).status, 412);
});

test('a refused body is read to its end, and the connection serves on', async () => {
  const body = 'x'.repeat(200_000);
  const { socket, ended } = await ingest.open(
    ['PUT /v1/datasets/Bad.Name HTTP/1.1', 'content-type: text/csv', `content-length: ${body.length}`],
    `${body}GET /livez HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n`,
  );
  const answers = await ended;
  assert.deepEqual(answers.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 400', 'HTTP/1.1 200']);
  socket.destroy();
});

test('a body that stalls is given up: 408, and the connection is closed', async () => {
  const { ended } = await ingest.open(['PUT /v1/datasets/slow HTTP/1.1', 'content-type: text/csv', 'content-length: 1000'], 'id,a\n1,2\n');
  const answer = await ended;
  assert.match(answer, /^HTTP\/1\.1 408 /);
  assert.match(answer, /No byte of the body arrived for 1 s/);
  assert.equal(await readManifest(ingest.redis, 'slow'), undefined);
});

test('metrics, readiness and the description of the routes', async () => {
  const metrics = await (await fetch(`${ingest.url}/metrics`)).text();
  assert.match(metrics, /ingest_rows_loaded_total\{service="ingest"\} \d+/);
  assert.match(metrics, /ingest_load_seconds_count/);
  const ready = (await (await fetch(`${ingest.url}/readyz`)).json()) as { contracts: unknown; checks: unknown };
  assert.deepEqual([ready.contracts, ready.checks], [{ store: 1 }, { store: { status: 'pass' }, writes: { status: 'pass' } }]);
  const { paths } = (await (await fetch(`${ingest.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { tags: string[]; requestBody?: unknown }>>;
  };
  assert.deepEqual(Object.keys(paths['/v1/datasets/{id}'] ?? {}).sort(), ['delete', 'put']);
  assert.deepEqual(paths['/v1/datasets']?.post?.tags, ['data']);
  assert.ok(paths['/v1/datasets']?.post?.requestBody !== undefined);
});
