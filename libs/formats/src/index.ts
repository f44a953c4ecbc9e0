import { csv } from './csv.ts';
import type { Format } from './format.ts';
import { json } from './json.ts';
import { ndjson } from './ndjson.ts';
import { oem } from './oem.ts';
import { tsv } from './tsv.ts';
import { xml } from './xml.ts';
import { yaml } from './yaml.ts';

/** Every format, in the order in which help texts list them. */
export const formats: readonly Format[] = [csv, tsv, json, ndjson, xml, yaml, oem];

export { limitAbout } from './about.ts';
export * from './evidence.ts';
export * from './format.ts';
export * from './gunzip.ts';
export { guessKey } from './key.ts';
export { LARGE_ROW } from './large-rows.ts';
export { malformed } from './malformed.ts';
export { Notes } from './notes.ts';
export * from './peek.ts';
export { type Batch, type Field, type Row, reject, type ValueCounter } from './row.ts';
export * from './sniff.ts';
export { freshTurn, giveWay } from './turns.ts';
