import type { Format, ParseOptions } from '../format.ts';
import { Fault } from '../malformed.ts';
import { scan } from '../scan.ts';
import { decodeUtf8 } from '../utf8.ts';
import { DelimitedScanner, type Dialect, firstLine, isNotDelimited } from './delimited.ts';

const tabs: Dialect = {
  delimiter: '\t',
  look(fields) {
    if (fields.length === 1 && (fields[0] as string).includes(',')) {
      throw new Fault(0, 'the header has commas and no tab: it looks like comma-separated values. Send it as text/csv.');
    }
    return undefined;
  },
};

const partsOf = (start: string, delimiter: string): number => firstLine(start).split(delimiter).length;

/** Tab-separated values with a header line, quoted like CSV if a field needs it (as in the files of the HGNC). */
export const tsv: Format = {
  id: 'tsv',
  title: 'TSV: tab-separated values with a header line',
  mediaTypes: ['text/tab-separated-values'],
  extensions: ['.tsv', '.tab'],
  looksLike: (start) => partsOf(start, '\t') > 1 && partsOf(start, ',') <= partsOf(start, '\t'),
  contradicts: isNotDelimited,
  parse: (bytes, { notes }: ParseOptions) => scan(decodeUtf8(bytes), new DelimitedScanner(tabs, notes)),
};
