import { basename } from 'node:path';
import { usageError } from '../system/failure.ts';

const types: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  txt: 'text/tab-separated-values',
  tab: 'text/tab-separated-values',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
};

export interface Kind {
  /** the headers that say how the bytes are to be read */
  headers: Record<string, string>;
  /** the file's name without what says its format */
  stem: string;
}

/** What a file is, by its name: `x.csv.gz` is CSV, compressed. Throws a usage error for a name that does not tell. */
export function kindOf(file: string): Kind {
  const name = basename(file);
  const plain = name.replace(/\.gz$/i, '');
  const extension = /\.([^.]+)$/.exec(plain)?.[1]?.toLowerCase() ?? '';
  const type = types[extension];
  if (type === undefined)
    throw usageError(
      `${name}: its name does not tell what it is; it should end with .${Object.keys(types).join(', .')}, or one of these and .gz`,
    );
  return {
    headers: { 'Content-Type': type, ...(plain === name ? {} : { 'Content-Encoding': 'gzip' }) },
    stem: plain.slice(0, -extension.length - 1),
  };
}

/** A data set's id made from a file's name: "Meteorite Landings.csv" -> "meteorite-landings". */
export function idFrom(stem: string): string {
  const id = stem
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return id === '' ? 'dataset' : id;
}
