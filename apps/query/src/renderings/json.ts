import type { Column } from '@almanac/domain';
import { eachRow, RowScanner } from '../rows/row-scanner.ts';
import { mostRows, type Rendering } from './rendering.ts';

type RowsOf = Pick<Rendering, 'render' | 'mostRows' | 'measure'>;

/** Rows as they are stored, or with only some members in this order. Every literal stays as it was; what a row does not have is null. */
function rowsOf(columns: readonly Column[] | undefined): RowsOf {
  if (columns === undefined) return { mostRows: Number.MAX_SAFE_INTEGER, render: (rows) => rows, measure: (bytes) => bytes };
  const scanner = new RowScanner(columns.map(({ name }) => name));
  const prefixes = columns.map(({ name }, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  const added = prefixes.reduce((bytes, prefix) => bytes + Buffer.byteLength(prefix) + 4, 1);
  const render = (rows: Buffer) => {
    let out = '';
    eachRow(rows.toString(), scanner, () => {
      if (out !== '') out += ',\n';
      for (let i = 0; i < prefixes.length; i++) out += (prefixes[i] as string) + (scanner.token(i) ?? 'null');
      out += '}';
    });
    return out;
  };
  return { mostRows: mostRows(added), render };
}

/** A JSON list of records between a head and a tail. */
export const json = (columns: readonly Column[] | undefined, head = '[', tail = ']'): Rendering => ({
  head,
  between: ',\n',
  tail,
  ...rowsOf(columns),
});

/** One record a line, the last one too. */
export function ndjson(columns: readonly Column[] | undefined): Rendering {
  const { render, mostRows: most, measure } = rowsOf(columns);
  return {
    // A comma and a newline between two rows become one newline after each.
    ...(measure === undefined ? {} : { measure: (bytes: number, rows: number) => bytes - 2 * (rows - 1) + rows }),
    head: '',
    between: '',
    tail: '',
    mostRows: most,
    render: (rows) => {
      const rendered = render(rows);
      return linesOf(typeof rendered === 'string' ? Buffer.from(rendered) : rendered);
    },
  };
}

/** Rows joined by ",\n" as lines: the same bytes without the commas. */
function linesOf(rows: Uint8Array): Buffer {
  const lines = Buffer.allocUnsafe(rows.length + 1);
  let from = 0;
  let to = 0;
  for (let end = rows.indexOf(10); end >= 0; end = rows.indexOf(10, from)) {
    lines.set(rows.subarray(from, end - 1), to);
    to += end - 1 - from;
    lines[to++] = 10;
    from = end + 1;
  }
  lines.set(rows.subarray(from), to);
  to += rows.length - from;
  lines[to++] = 10;
  return lines.subarray(0, to);
}
