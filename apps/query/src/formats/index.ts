import { csv } from './csv.ts';
import type { RecordFormat } from './format.ts';
import { json } from './json.ts';
import { ndjson } from './ndjson.ts';

/** Every way of writing records; the first is what a client gets that accepts anything. */
export const recordFormats: readonly [RecordFormat, ...RecordFormat[]] = [json, ndjson, csv];
