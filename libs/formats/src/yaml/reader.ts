import { limitExceeded, loadLimits } from '@almanac/domain';
import type { ParseOptions } from '../format.ts';
import { HeldBytes } from '../held.ts';
import { acquireLargeRowSlot, LARGE_ROW } from '../large-rows.ts';
import { Fault } from '../malformed.ts';
import type { Batch } from '../row.ts';
import { giveWay } from '../turns.ts';
import { decodeUtf8 } from '../utf8.ts';
import { isSeveral } from './documents.ts';
import { YamlScanner } from './scanner.ts';

/** Bytes are added to the account of all loads in steps of this size, before they are kept. */
const STEP = 1 << 20;

/**
 * Reads a YAML body. It is held as bytes until it is complete, within the account of all loads. Then it is in memory as text, for a few
 * loads at a time, while its records are read one by one.
 */
export async function* readYaml(bytes: AsyncIterable<Uint8Array>, { notes }: ParseOptions): AsyncGenerator<Batch> {
  const account = new HeldBytes();
  let leave: (() => void) | undefined;
  try {
    const chunks = await whole(bytes, account);
    leave = account.bytes > LARGE_ROW ? await acquireLargeRowSlot() : undefined;
    const text = await textOf(chunks);
    const scanner = new YamlScanner(text, notes, await isSeveral(text));
    for (let batch = next(scanner, text); batch !== undefined; batch = next(scanner, text)) {
      yield batch;
      await giveWay();
    }
  } finally {
    leave?.();
    account.release();
  }
}

async function whole(bytes: AsyncIterable<Uint8Array>, account: HeldBytes): Promise<Uint8Array[]> {
  const limit = loadLimits.yamlBytes;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > limit.value) {
      const advice = 'Send larger data as CSV (text/csv) or NDJSON (application/x-ndjson).';
      throw limitExceeded('body-too-large', limit, size, { detail: 'The YAML body is too large', advice });
    }
    if (size > account.bytes) await account.set(account.bytes + Math.max(STEP, chunk.length));
    chunks.push(chunk);
  }
  return chunks;
}

/** The text of the chunks, which are removed from the list. */
async function textOf(chunks: Uint8Array[]): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of decodeUtf8(shifted(chunks))) {
    pieces.push(piece);
    await giveWay();
  }
  return pieces.join('');
}

async function* shifted(chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) yield chunk;
}

function next(scanner: YamlScanner, text: string): Batch | undefined {
  try {
    return scanner.next();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw error.problem(placeIn(text, error.offset));
  }
}

function placeIn(text: string, offset: number): string {
  let line = 1;
  let start = 0;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) {
    line++;
    start = i + 1;
  }
  return `Line ${line}, column ${offset - start + 1}: `;
}
