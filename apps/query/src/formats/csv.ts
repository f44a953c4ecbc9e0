import { members, SEPARATOR, textOf } from '@almanac/store';
import type { RecordFormat } from './format.ts';

/** CSV (RFC 4180) with a header line. Missing values are empty; lists and objects are their JSON text. */
export const csv: RecordFormat = {
  id: 'csv',
  mediaType: 'text/csv; charset=utf-8; header=present',
  async *write({ blocks, columns }) {
    yield `${columns.map(({ name }) => field(name)).join(',')}\r\n`;
    const toLine = lineOf(columns.map(({ name }) => name));
    for await (const { rows } of blocks) yield rows.toString().split(SEPARATOR).map(toLine).join('');
  },
};

function lineOf(names: readonly string[]): (row: string) => string {
  const place = new Map(names.map((name, i) => [name, i]));
  return (row) => {
    const fields = new Array<string>(names.length).fill('');
    for (const { name, from, to } of members(row)) {
      const at = place.get(name);
      if (at !== undefined) fields[at] = fieldOf(row.slice(from, to));
    }
    return `${fields.join(',')}\r\n`;
  };
}

/** A JSON token as a field: numbers keep their digits. */
const fieldOf = (token: string): string => (token === 'null' ? '' : field(textOf(token)));

const field = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
