import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessKey } from '../evidence/guess-key.ts';
import { parseAll } from '../testing.ts';
import { oem } from './oem.ts';

const read = (body: string, size = 7) => parseAll(oem, body, size);
const fails = async (body: string, message: RegExp | string) => {
  for (const size of [1, 1000]) await assert.rejects(parseAll(oem, body, size), { type: 'malformed-data', message }, body.slice(0, 200));
};

const state = (epoch: string, x = '1.0', units = true) =>
  `<stateVector><EPOCH>${epoch}</EPOCH>${['X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT']
    .map((name) => `<${name}${units ? ` units="${name.includes('_') ? 'km/s' : 'km'}"` : ''}>${name === 'X' ? x : '2.50'}</${name}>`)
    .join('')}</stateVector>`;
const message = (data: string, metadata = '<OBJECT_NAME>ISS</OBJECT_NAME>') =>
  `<ndm><oem id="CCSDS_OEM_VERS" version="2.0"><header><CREATION_DATE>2024-053</CREATION_DATE><ORIGINATOR>JSC</ORIGINATOR></header>` +
  `<body><segment><metadata>${metadata}</metadata><data>${data}</data></segment></body></oem></ndm>`;

const HEAD = 'CCSDS_OEM_VERS = 2.0\nCREATION_DATE = 2024-053\nORIGINATOR=JSC\n';
const META = 'META_START\nOBJECT_NAME = ISS\nMETA_STOP\n';
const line = (epoch: string, x = '1.0') => `${epoch} ${x} 2.50 2.50 2.50 2.50 2.50\n`;
const at = (minute: number) => `2024-02-21T12:${String(minute).padStart(2, '0')}:00.000`;

const row = (epoch: string, x = '1.0') => `{"EPOCH":"${epoch}","X":${x},"Y":2.50,"Z":2.50,"X_DOT":2.50,"Y_DOT":2.50,"Z_DOT":2.50}`;

test('both notations give the same rows, units and description', async () => {
  const inXml = await read(message(`<COMMENT>a </COMMENT><COMMENT/>${state(at(0))}${state(at(4))}`));
  const inKvn = await read(`${HEAD}\n${META}\nCOMMENT a \nCOMMENT\n${line(at(0))}\n${line(at(4))}`);
  for (const { texts, rejects, columns, rows } of [inXml, inKvn]) {
    assert.deepEqual(texts, [row(at(0)), row(at(4))]);
    assert.deepEqual(rejects, []);
    assert.equal(guessKey(rows, oem.key), 'EPOCH');
    assert.deepEqual(
      columns.map(({ name, type, unit }) => [name, type, unit]),
      [
        ['EPOCH', 'time', undefined],
        ['X', 'integer', 'km'],
        ...['Y', 'Z'].map((name) => [name, 'number', 'km']),
        ...['X_DOT', 'Y_DOT', 'Z_DOT'].map((name) => [name, 'number', 'km/s']),
      ],
    );
  }
  const metadata = {
    version: '2.0',
    id: 'CCSDS_OEM_VERS',
    header: { CREATION_DATE: '2024-053', ORIGINATOR: 'JSC' },
    metadata: { OBJECT_NAME: 'ISS' },
    comments: ['a ', ''],
  };
  assert.deepEqual(inXml.metadata, { format: 'oem-xml', ...metadata });
  assert.deepEqual(inKvn.metadata, { format: 'oem-kvn', ...metadata });
});

test('numbers keep their literal; what JSON does not take for a number is quoted', async () => {
  for (const x of ['4721.5105798739096', '-0.0', '1E+3', '7']) {
    assert.deepEqual((await read(message(state(at(0), x)))).texts, [row(at(0), x)]);
    assert.deepEqual((await read(HEAD + META + line(at(0), x))).texts, [row(at(0), x)]);
  }
  for (const x of ['+1.5', '.5', '5.', '007', '-.5e-3']) {
    assert.deepEqual((await read(message(state(at(0), x)))).texts, [row(at(0), JSON.stringify(x))]);
    assert.deepEqual((await read(HEAD + META + line(at(0), x))).texts, [row(at(0), JSON.stringify(x))]);
  }
});

test('accelerations, prefixes, attributes, an oem of its own, units of its own', async () => {
  const names = ['X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT', 'X_DDOT', 'Y_DDOT', 'Z_DDOT'];
  const body =
    '<?xml version="1.0"?><!-- made by hand --><n:oem xmlns:n="urn:ccsds" n:x="1" version="1.0"><n:body><n:segment><n:data>' +
    `<n:stateVector><n:EPOCH a="b">${at(0)}</n:EPOCH>${names.map((name, i) => `<n:${name} units="m${i}">${i}</n:${name}>`).join('')}` +
    '</n:stateVector></n:data></n:segment></n:body></n:oem>';
  const { texts, columns, metadata } = await read(body);
  assert.deepEqual(texts, [`{"EPOCH":"${at(0)}",${names.map((name, i) => `"${name}":${i}`).join(',')}}`]);
  assert.deepEqual(
    columns.slice(1).map(({ unit }) => unit),
    names.map((_, i) => `m${i}`),
  );
  assert.deepEqual(metadata, { format: 'oem-xml', version: '1.0', header: {}, metadata: {}, comments: [] });
  const kvn = await read(`${HEAD}${META}${at(0)} 1 2 3 4 5 6 7 8 9\n`);
  assert.deepEqual([kvn.columns.length, kvn.columns.at(-1)?.unit], [10, 'km/s**2']);
});

test('comments: those of the data exactly, those of header and metadata beside them', async () => {
  const body =
    'CCSDS_OEM_VERS = 2.0\r\nCOMMENT of the header\r\nORIGINATOR = JSC\r\nMETA_START\r\nCOMMENT of the metadata\r\nCOMMENT too\r\n' +
    `OBJECT_NAME = ISS\r\nMETA_STOP\r\nCOMMENT  |  two  |\r\nCOMMENT \r\n${line(at(0)).replace('\n', '\r\n')}COMMENT last\r\n`;
  const { metadata, texts } = await read(body);
  assert.deepEqual(texts, [row(at(0))]);
  assert.deepEqual(metadata, {
    format: 'oem-kvn',
    version: '2.0',
    id: 'CCSDS_OEM_VERS',
    header: { COMMENT: ['of the header'], ORIGINATOR: 'JSC' },
    metadata: { COMMENT: ['of the metadata', 'too'], OBJECT_NAME: 'ISS' },
    comments: [' |  two  |', '', 'last'],
  });
  const inXml = await read(message(`<COMMENT> a\r\n b </COMMENT>${state(at(0))}`, '<COMMENT> of the metadata</COMMENT>'));
  assert.deepEqual([inXml.metadata.comments, inXml.metadata.metadata], [[' a\n b '], { COMMENT: [' of the metadata'] }]);
});

test('several segments: their rows in order, each described', async () => {
  const first = `${META}COMMENT one\n${line(at(0))}`;
  const second = `META_START\nOBJECT_NAME = HST\nMETA_STOP\nCOMMENT two\n${line(at(4))}${line(at(8))}`;
  const kvn = await read(HEAD + first + second);
  const segment = (name: string, data: string) =>
    `<segment><metadata><OBJECT_NAME>${name}</OBJECT_NAME></metadata><data>${data}</data></segment>`;
  const both =
    segment('ISS', `<COMMENT>one</COMMENT>${state(at(0))}`) + segment('HST', `<COMMENT>two</COMMENT>${state(at(4))}${state(at(8))}`);
  const inXml = await read(`<oem version="2.0"><body>${both}</body></oem>`);
  for (const { metadata, texts, notes } of [kvn, inXml]) {
    assert.deepEqual(texts, [row(at(0)), row(at(4)), row(at(8))]);
    assert.match(notes.join(), /several segments/);
    assert.deepEqual(
      [metadata.metadata, metadata.comments, metadata.segments],
      [
        { OBJECT_NAME: 'ISS' },
        ['one', 'two'],
        [
          { metadata: { OBJECT_NAME: 'ISS' }, comments: ['one'], states: 1 },
          { metadata: { OBJECT_NAME: 'HST' }, comments: ['two'], states: 2 },
        ],
      ],
    );
  }
});

test('covariances are passed over, with a note', async () => {
  const covariance = 'COVARIANCE_START\nEPOCH = 2024-02-21T12:00:00\n1.0\n1.0 2.0\nCOVARIANCE_STOP\n';
  const kvn = await read(HEAD + META + line(at(0)) + covariance);
  const inXml = await read(message(`${state(at(0))}<covarianceMatrix><EPOCH>${at(0)}</EPOCH><CX_X>1</CX_X></covarianceMatrix>`));
  for (const { texts, notes, rejects } of [kvn, inXml]) {
    assert.deepEqual([texts, rejects], [[row(at(0))], []]);
    assert.match(notes.join(), /covariance matrices, which were skipped/);
  }
});

test('a state that is none is kept apart with its number and what is wrong', async () => {
  const seven = 'a state has 7 (EPOCH, X, Y, Z, X_DOT, Y_DOT, Z_DOT) or, with accelerations, 10';
  const bad = `${at(4)} 1 2 3\n${at(4)} 1 2 3 4 5 6 7\n${at(4)} 1 2 x 4 5 6\nlater 1 2 3 4 5 6\n2024-02-30T00:00:00 1 2 3 4 5 6\n`;
  const kvn = await read(HEAD + META + line(at(0)) + bad + line(at(8)));
  assert.deepEqual(kvn.texts, [row(at(0)), row(at(8))]);
  assert.deepEqual(kvn.rejects, [
    { row: 2, reason: `has 4 fields; ${seven}`, raw: `${at(4)} 1 2 3` },
    { row: 3, reason: `has 8 fields; ${seven}`, raw: `${at(4)} 1 2 3 4 5 6 7` },
    { row: 4, reason: "has 'x' as Z, which is not a number", raw: `${at(4)} 1 2 x 4 5 6` },
    { row: 5, reason: "has the EPOCH 'later', which is not a time such as 2024-052T12:00:00.000Z", raw: 'later 1 2 3 4 5 6' },
    {
      row: 6,
      reason: "has the EPOCH '2024-02-30T00:00:00', which is not a time such as 2024-052T12:00:00.000Z",
      raw: '2024-02-30T00:00:00 1 2 3 4 5 6',
    },
  ]);
  const inXml = await read(
    message(
      [
        state(at(0)),
        state(at(1), 'NaN'),
        state(at(2)).replace(/<Y .*?<\/Y>/, ''),
        state(at(3)).replace('<EPOCH>', '<X>1</X><EPOCH>'),
        state(at(4)).replace('</stateVector>', '<FOO>1</FOO></stateVector>'),
        state(at(5)).replace('<X units="km">', '<X units="m">'),
        '<stateVector/>',
        state(at(6)).replace('</stateVector>', '<X_DDOT>1</X_DDOT></stateVector>'),
        state(at(7), '1.0', false),
      ].join(''),
    ),
  );
  assert.deepEqual(inXml.texts, [row(at(0)), row(at(7))]);
  assert.deepEqual(
    inXml.rejects.map(({ row, reason }) => [row, reason]),
    [
      [2, "has 'NaN' as X, which is not a number"],
      [3, 'has no <Y>'],
      [4, 'has <X> twice'],
      [5, `has <FOO>; a state has EPOCH, X, Y, Z, X_DOT, Y_DOT, Z_DOT, X_DDOT, Y_DDOT, Z_DDOT`],
      [6, "has X in 'm', but earlier states have it in 'km'"],
      [7, 'has no <EPOCH>'],
      [8, 'has no <Y_DDOT>'],
    ],
  );
  assert.match(inXml.rejects[0]?.raw as string, /^<EPOCH>2024-02-21T12:01:00.000<\/EPOCH><X>NaN<\/X>/);
});

test('a long text that is no number is refused at once', async () => {
  const before = process.cpuUsage();
  const { rejects } = await parseAll(
    oem,
    `CCSDS_OEM_VERS = 2.0\nMETA_START\nMETA_STOP\n2024-02-21T12:00:00 ${'1'.repeat(100_000)}x 1 1 1 1 1\n`,
  );
  assert.match(rejects[0]?.reason ?? '', /as X, which is not a number/);
  assert.ok(process.cpuUsage(before).user < 500_000);
});

test('a file that was cut off is refused, and the place is named', async () => {
  const stop = META.replace('META_STOP', `STOP_TIME = ${at(40)}\nMETA_STOP`);
  const states = [0, 4, 8, 12].map((minute) => line(at(minute))).join('');
  await fails(
    HEAD + stop + states,
    /Line 12, column 1: the data ends early: the last state is at 2024-02-21T12:12:00.000, but STOP_TIME is/,
  );
  await fails(
    `${HEAD + META + states}2024-02-21T12:16:00.000 1.0 2.5`,
    /Line 11, column 1: the data ends in the middle of a state: it has 3 fields/,
  );
  await fails(`${HEAD + META + states}2024-02-21T12:1`, /the data ends in the middle of a state: it has 1 field;/);
  await fails(`${HEAD + META + states}${at(16)} 1 2 3 4 5 -`, /the data ends in the middle of a state: it has '-' as Z_DOT/);
  await fails(HEAD + META, 'Line 7, column 1: the data ends early: expected a state.');
  await fails(HEAD, 'Line 4, column 1: the data ends early: expected META_START.');
  await fails(`${HEAD}META_START\nOBJECT_NAME = ISS\n`, 'Line 6, column 1: the data ends early: expected META_STOP.');
  await fails(`${HEAD + META + states}COVARIANCE_START\n`, /the data ends early: expected COVARIANCE_STOP/);
  await fails(`${HEAD + META}META_START\nMETA_STOP\n`, /expected a state/);
  const whole = message(`\n${state(at(0))}\n${state(at(4))}\n`);
  await fails(whole.slice(0, whole.indexOf('</data>')), 'Line 4, column 1: the data ends early: <data> is not closed.');
  await fails(whole.slice(0, whole.lastIndexOf('2.50')), /^Line 3, column \d+: the data ends early: <Z_DOT> is not closed\.$/);
});

test('a last line without its line end is read; a wrong number in it is that state alone', async () => {
  assert.deepEqual((await read((HEAD + META + line(at(0))).trimEnd())).texts, [row(at(0))]);
  const { rejects } = await read(`${HEAD + META + line(at(0))}${at(4)} 1 x 3 4 5 6`);
  assert.deepEqual(rejects[0]?.reason, "has 'x' as Y, which is not a number");
});

test('STOP_TIME may lie a little after the last state, and anywhere where there are covariances', async () => {
  const stop = (minute: number) => META.replace('META_STOP', `STOP_TIME = ${at(minute)}\nMETA_STOP`);
  const states = line(at(0)) + line(at(4));
  assert.equal((await read(HEAD + stop(16) + states)).rows.length, 2);
  assert.equal((await read(`${HEAD + stop(50) + states}COVARIANCE_START\nCOVARIANCE_STOP\n`)).rows.length, 2);
  assert.equal((await read(HEAD + stop(4) + states + META + line(at(8)))).rows.length, 3);
  await fails(HEAD + stop(17) + states, /STOP_TIME/);
});

test('what is no ephemeris is refused', async () => {
  await fails('a,b\n1,2\n', 'Line 1, column 1: this is not an OEM: expected CCSDS_OEM_VERS = 2.0 first, found "a,b".');
  await fails('CCSDS_OPM_VERS = 2.0\n', /expected CCSDS_OEM_VERS = 2.0 first, found "CCSDS_OPM_VERS = 2.0"/);
  await fails(
    '<data><row/></data>',
    'Line 1, column 6: this is not an OEM: expected <ndm> or <oem>, found <data>. Send it as application/xml.',
  );
  await fails('<ndm><opm/></ndm>', /there is no <oem> in this <ndm>/);
  await fails(`${HEAD}what is this\n`, 'Line 4, column 1: expected META_START or a line NAME = value, found "what is this".');
  await fails(`${HEAD}META_START\n${line(at(0))}`, /Line 5, column 1: expected META_STOP or a line NAME = value, found "2024/);
  await fails('<!DOCTYPE ndm [<!ENTITY a "b">]><ndm/>', /a DOCTYPE is not allowed/);
});

test('versions, repeated keywords and several ephemerides are noted', async () => {
  const { metadata, notes } = await read(`${HEAD.replace('2.0', '3.0')}ORIGINATOR = ESA\n${META}${line(at(0))}`);
  assert.deepEqual(notes, [
    'The ephemeris has version 3.0 and was read as version 2.0.',
    'ORIGINATOR occurs more than once: the first value was kept.',
  ]);
  assert.deepEqual((metadata.header as { ORIGINATOR: string }).ORIGINATOR, 'JSC');
  const one = (name: string) =>
    message(state(at(0)))
      .slice(5, -6)
      .replace('JSC', name);
  const several = await read(`<ndm>${one('A')}${one('B')}</ndm>`);
  assert.deepEqual([several.rows.length, (several.metadata.header as { ORIGINATOR: string }).ORIGINATOR], [2, 'A']);
  assert.match(several.notes.join(), /several ephemerides/);
});
