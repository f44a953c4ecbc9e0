import { SEPARATOR } from '@almanac/store';
import type { Answer, RecordFormat } from './format.ts';

/** JSON: the bare list, or the list in an envelope with counts, version and links. Rows are written as they are stored. */
export const json: RecordFormat = {
  id: 'json',
  mediaType: 'application/json; charset=utf-8',
  async *write({ blocks, envelope }) {
    yield envelope === undefined ? '[' : '{"items":[';
    let isFirst = true;
    let returned = 0;
    for await (const { rows } of blocks) {
      if (!isFirst) yield SEPARATOR;
      isFirst = false;
      returned += envelope === undefined ? 0 : rowsIn(rows);
      yield rows;
    }
    yield envelope === undefined ? ']' : `]${envelopeTail(returned, envelope)}`;
  },
};

/** Everything of the envelope after its items. */
export const envelopeTail = (returned: number, { matched, version, links }: NonNullable<Answer['envelope']>): string =>
  `,${JSON.stringify({ numberReturned: returned, numberMatched: matched, version, links }).slice(1)}`;

function rowsIn(rows: Buffer | string): number {
  let count = 1;
  if (typeof rows === 'string') for (let at = rows.indexOf('\n'); at >= 0; at = rows.indexOf('\n', at + 1)) count++;
  else for (let at = rows.indexOf(10); at >= 0; at = rows.indexOf(10, at + 1)) count++;
  return count;
}
