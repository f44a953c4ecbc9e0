import type { Column } from '@almanac/domain';
import { eachRow, RowScanner, stringOf } from '../rows/row-scanner.ts';
import { mostRows, type Rendering } from './rendering.ts';

/** A header line and one line a record (RFC 4180). Missing is an empty field, the empty text `""`; lists and objects are JSON. */
export function csv(columns: readonly Column[]): Rendering {
  const scanner = new RowScanner(columns.map(({ name }) => name));
  const render = (rows: Buffer) => {
    let out = '';
    eachRow(rows.toString(), scanner, () => {
      for (let i = 0; i < columns.length; i++) {
        if (i > 0) out += ',';
        out += field(scanner.token(i));
      }
      out += '\r\n';
    });
    return out;
  };
  return {
    head: `${columns.map(({ name }) => quoted(name)).join(',')}\r\n`,
    between: '',
    tail: '',
    mostRows: mostRows(columns.length + 2),
    render,
  };
}

function field(token: string | undefined): string {
  if (token === undefined || token === 'null') return '';
  return token.startsWith('"') ? quoted(stringOf(token)) : quoted(token);
}

const needsQuotes = /[",\r\n]|^$|^\s|\s$/;
const quoted = (text: string): string => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
