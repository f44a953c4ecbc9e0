import type { Format, ParseOptions } from '../format.ts';
import { Fault } from '../malformed.ts';
import { scan } from '../scan.ts';
import { decodeUtf8 } from '../utf8.ts';
import { DelimitedScanner, type Dialect, firstLine, isNotDelimited } from './delimited.ts';

const commas: Dialect = {
  delimiter: ',',
  look(fields) {
    const [line, ...others] = fields as [string, ...string[]];
    if (others.length > 0) return undefined;
    if (line.includes('\t')) {
      throw new Fault(0, 'the header has tabs and no comma: it looks like tab-separated values. Send it as text/tab-separated-values.');
    }
    if (!line.includes(';')) return undefined;
    return { delimiter: ';', note: 'The header has semicolons and no comma: the fields were split at semicolons.' };
  },
};

/** Comma-separated values with a header line (RFC 4180). */
export const csv: Format = {
  id: 'csv',
  title: 'CSV: comma-separated values with a header line',
  mediaTypes: ['text/csv', 'application/csv'],
  extensions: ['.csv'],
  openapi: { schema: { type: 'string' }, example: 'name,year\nAachen,1880\nAarhus,1951\n' },
  looksLike: (start) => /[,;]/.test(firstLine(start)),
  contradicts: isNotDelimited,
  parse: (bytes, { notes }: ParseOptions) => scan(decodeUtf8(bytes), new DelimitedScanner(commas, notes)),
};
