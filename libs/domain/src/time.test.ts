import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTime } from './time.ts';

test('ISO 8601 in its usual spellings', () => {
  const moments: [string, string][] = [
    ['2024-02-21', '2024-02-21T00:00:00Z'],
    ['2023-02-01 00:00', '2023-02-01T00:00:00Z'],
    ['2024-02-21T12:00:00.000', '2024-02-21T12:00:00Z'],
    ['2022-05-01T16:17:19.020Z', '2022-05-01T16:17:19.020Z'],
    ['2022-05-01T16:17:19+02:00', '2022-05-01T14:17:19Z'],
    ['2022-05-01T16:17:19-0130', '2022-05-01T17:47:19Z'],
    ['2022-05-01T01:17-05', '2022-05-01T06:17:00Z'],
    ['1900-03-01', '1900-03-01T00:00:00Z'],
    ['2000-02-29', '2000-02-29T00:00:00Z'],
    ['0001-01-01', '0001-01-01T00:00:00Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['2024-052T12:00:00.000Z', '2024-02-21T12:00:00Z'],
    ['2024-366T00:00:00', '2024-12-31T00:00:00Z'],
  ];
  for (const [text, iso] of moments) assert.equal(parseTime(text), Date.parse(iso), text);
});

test('every day of 400 years agrees with Date', () => {
  for (let ms = Date.UTC(1800, 0, 1), day = 0; day < 146_097; day++, ms += 86_400_000) {
    const iso = new Date(ms).toISOString().slice(0, 10);
    assert.equal(parseTime(iso), ms, iso);
  }
});

test('what is no time is undefined', () => {
  const texts = [
    '',
    '2024',
    '2024-02',
    '2024-052',
    '2023-366T00:00:00',
    '2024-000T00:00:00',
    '2023-02-29',
    '2023-13-01',
    '2023-00-10',
    '2024-02-21T',
    '2024-02-21T24:00',
    '2024-02-21T12',
    '2024-02-21T12:60',
    '2024-02-21T12:00:61',
    '2024-02-21T12:00:00.',
    '2024-02-21T12:00:00Zulu',
    '2024-02-21T12:00+2',
    '2024-02-21T12:00+15:00',
    '2024-02-21x12:00',
    '12024-02-21',
    'HGNC-12-21',
    '2024-2-21T0',
    '555-0123-45',
  ];
  for (const text of texts) assert.equal(parseTime(text), undefined, text);
});
