import { ProblemError } from '@almanac/domain';
import type { ParseOptions } from './format.ts';
import { LARGE_ROW, largeRowPlace } from './large-rows.ts';
import { Fault, malformed } from './malformed.ts';
import type { Batch } from './row.ts';
import { decodeUtf8 } from './utf8.ts';
import { YamlScanner } from './yaml-scanner.ts';

/** YAML is read a hundred times more slowly than CSV: a body may have so many bytes. */
export const YAML_LIMIT = 16 << 20;

/** Reading goes on for so long before others get their turn. */
const SLICE_MS = 10;

/** Reads a YAML body, which is in memory as text while its records are made one by one. */
export async function* readYaml(bytes: AsyncIterable<Uint8Array>, { notes }: ParseOptions): AsyncGenerator<Batch> {
  let text = '';
  for await (const piece of decodeUtf8(withinLimit(bytes))) text += piece;
  const leave = text.length > LARGE_ROW ? await largeRowPlace() : undefined;
  try {
    let since = performance.now();
    const scanner = new YamlScanner(text, notes);
    for (let batch = next(scanner, text); batch !== undefined; batch = next(scanner, text)) {
      yield batch;
      if (performance.now() - since < SLICE_MS) continue;
      await new Promise(setImmediate);
      since = performance.now();
    }
  } finally {
    leave?.();
  }
}

async function* withinLimit(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > YAML_LIMIT) {
      throw new ProblemError(
        'body-too-large',
        `YAML is taken up to ${YAML_LIMIT.toLocaleString('en')} bytes; send larger data as CSV (text/csv) or NDJSON (application/x-ndjson).`,
        { extra: { maxBytes: YAML_LIMIT } },
      );
    }
    yield chunk;
  }
}

function next(scanner: YamlScanner, text: string): Batch | undefined {
  try {
    return scanner.next();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const before = text.slice(0, error.offset);
    const line = before.split('\n').length;
    throw malformed(`Line ${line}, column ${error.offset - before.lastIndexOf('\n')}: ${error.message}`);
  }
}
