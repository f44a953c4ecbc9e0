import { SEPARATOR } from '@almanac/store';
import type { RecordFormat } from './format.ts';

/** NDJSON: one record a line. */
export const ndjson: RecordFormat = {
  id: 'ndjson',
  mediaType: 'application/x-ndjson; charset=utf-8',
  async *write({ blocks }) {
    for await (const { rows } of blocks) yield `${rows.toString().replaceAll(SEPARATOR, '\n')}\n`;
  },
};
