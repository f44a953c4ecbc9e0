import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispositionFilename } from './content-disposition.ts';

for (const [header, expected] of [
  [undefined, undefined],
  ['', undefined],
  ['attachment', undefined],
  ['attachment; filename=x.csv', 'x.csv'],
  ['attachment; filename="a \\"b\\".csv"', 'a "b".csv'],
  [`attachment; filename*=UTF-8''L%C3%A4nder.csv; filename="l.csv"`, 'Länder.csv'],
  [`attachment; filename*=UTF-8''%ZZ; filename="l.csv"`, 'l.csv'],
  ['garbage;;=;', undefined],
] as const) {
  test(`Content-Disposition: ${header} has the file name ${expected}`, () => assert.equal(dispositionFilename(header), expected));
}
