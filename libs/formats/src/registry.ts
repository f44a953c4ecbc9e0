import { csv } from './csv/csv.ts';
import { tsv } from './csv/tsv.ts';
import type { Format } from './format.ts';
import { json } from './json/json.ts';
import { ndjson } from './json/ndjson.ts';
import { oem } from './oem/oem.ts';
import { xml } from './xml/xml.ts';
import { yaml } from './yaml/yaml.ts';

/**
 * Every format, in the order of help texts. Detection tries the last one first, so a format that is a special case of another comes after it:
 * an ephemeris after XML, lines of JSON after JSON.
 */
export const formats: readonly Format[] = [csv, tsv, json, ndjson, xml, yaml, oem];

/** Read if nothing in the text hints at a format: one column with a header is CSV. */
export const defaultFormat: Format = csv;

export const formatIds: readonly string[] = formats.map(({ id }) => id);

/** Throws for an id that is not in `formatIds`. */
export function formatById(id: string): Format {
  const format = formats.find((format) => format.id === id);
  if (format === undefined) throw new Error(`no format ${id}`);
  return format;
}
