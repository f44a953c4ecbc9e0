import { csv } from './csv/csv.ts';
import { tsv } from './csv/tsv.ts';
import type { Format } from './format.ts';
import { json } from './json/json.ts';
import { ndjson } from './json/ndjson.ts';
import { oem } from './oem/oem.ts';
import { xml } from './xml/xml.ts';
import { yaml } from './yaml/yaml.ts';

/** Every format, in the order in which help texts list them. */
export const formats: readonly Format[] = [csv, tsv, json, ndjson, xml, yaml, oem];

export * from './evidence/evidence.ts';
export { guessKey } from './evidence/guess-key.ts';
export * from './format.ts';
export * from './gunzip.ts';
export { LARGE_ROW } from './large-rows.ts';
export { limitMetadata } from './limit-metadata.ts';
export { malformed } from './malformed.ts';
export { Notes } from './notes.ts';
export * from './peek.ts';
export { type Batch, type Field, type Row, reject, type ValueCounter } from './row.ts';
export * from './sniff.ts';
export { freshTurn, giveWay } from './turns.ts';
