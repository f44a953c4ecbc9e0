import type { Column } from '@almanac/domain';
import { eachRow, RowScanner } from '../columns/row-scanner.ts';
import type { Piece } from './body.ts';

/** Slices of rows with only these members, in this order; every literal stays as it was. What a row does not have is null. */
export function* projected(slices: Iterable<Buffer>, columns: readonly Column[]): Generator<Piece> {
  const scanner = new RowScanner(columns.map(({ name }) => name));
  const prefixes = columns.map(({ name }, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  for (const slice of slices) {
    let out = '';
    eachRow(slice.toString(), scanner, () => {
      if (out !== '') out += ',\n';
      for (let i = 0; i < prefixes.length; i++) out += (prefixes[i] as string) + (scanner.token(i) ?? 'null');
      out += '}';
    });
    yield out;
  }
}
