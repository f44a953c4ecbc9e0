import type { Column } from '@almanac/domain';
import { eachRow, RowScanner, stringOf } from '../columns/row-scanner.ts';
import type { Piece } from './body.ts';

/** A header line and one line a record (RFC 4180). Missing is an empty field, the empty text `""`; lists and objects are JSON. */
export function* csvPieces(slices: Iterable<Buffer>, columns: readonly Column[]): Generator<Piece> {
  const scanner = new RowScanner(columns.map(({ name }) => name));
  yield `${columns.map(({ name }) => quoted(name)).join(',')}\r\n`;
  for (const slice of slices) {
    let out = '';
    eachRow(slice.toString(), scanner, () => {
      for (let i = 0; i < columns.length; i++) {
        if (i > 0) out += ',';
        out += field(scanner.token(i));
      }
      out += '\r\n';
    });
    yield out;
  }
}

function field(token: string | undefined): string {
  if (token === undefined || token === 'null') return '';
  return token.startsWith('"') ? quoted(stringOf(token)) : quoted(token);
}

const needsQuotes = /[",\r\n]|^$|^\s|\s$/;
const quoted = (text: string): string => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
