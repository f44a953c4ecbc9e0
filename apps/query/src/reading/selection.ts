import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Predicate, Row } from '@almanac/analysis';
import { members, type ReadCopy, SEPARATOR } from '@almanac/store';

/** Rows joined by ",\n", and how many they are: what every format is written from. */
export interface Block {
  rows: Buffer | string;
  count: number;
}

export interface Choice {
  copy: ReadCopy;
  offset: number;
  /** Infinity for all */
  limit: number;
  predicate: Predicate | undefined;
  /** names of the columns asked for, undefined for all */
  fields: readonly string[] | undefined;
}

/** Filtering and projecting a large set must not keep other requests waiting: between chunks they get their turn. */
const CHUNKS_PER_TURN = 16;

/** The chosen rows. Without a filter and with all columns these are slices of what is stored, and nothing is copied. */
export async function* chosenRows({ copy, offset, limit, predicate, fields }: Choice): AsyncGenerator<Block> {
  if (predicate === undefined && fields === undefined) {
    yield* plainRows(copy, offset, limit);
    return;
  }
  const project = fields === undefined ? undefined : projection(fields);
  let toSkip = predicate === undefined ? 0 : offset;
  let left = limit;
  for await (const rows of rowTexts(predicate === undefined ? plainRows(copy, offset, limit) : copy.all())) {
    const kept: string[] = [];
    for (const row of rows) {
      if (left === 0) break;
      if (predicate !== undefined && !predicate(JSON.parse(row) as Row)) continue;
      if (toSkip > 0) {
        toSkip--;
        continue;
      }
      kept.push(project === undefined ? row : project(row));
      left--;
    }
    if (kept.length > 0) yield { rows: kept.join(SEPARATOR), count: kept.length };
    if (left === 0) return;
  }
}

/** How many rows a filter leaves. */
export async function countMatches(copy: ReadCopy, predicate: Predicate | undefined): Promise<number> {
  if (predicate === undefined) return copy.rows;
  let matched = 0;
  for await (const rows of rowTexts(copy.all())) for (const row of rows) if (predicate(JSON.parse(row) as Row)) matched++;
  return matched;
}

function* plainRows(copy: ReadCopy, offset: number, limit: number): Generator<Block> {
  if (offset === 0 && limit >= copy.rows) {
    yield* copy.all();
    return;
  }
  let left = Math.min(limit, Math.max(0, copy.rows - offset));
  for (let at = offset; left > 0; ) {
    // A piece at a time, so that a long page is not opened as a whole.
    const count = Math.min(left, 4096);
    for (const rows of copy.page(at, count)) yield { rows, count: Number.NaN };
    at += count;
    left -= count;
  }
}

/** Blocks as lists of row texts, letting others in between. */
export async function* rowTexts(blocks: Iterable<Block>): AsyncGenerator<string[]> {
  let chunks = 0;
  for (const { rows } of blocks) {
    yield rows.toString().split(SEPARATOR);
    if (++chunks % CHUNKS_PER_TURN === 0) await yieldToOthers();
  }
}

/** A row with only the named members, in that order, tokens untouched; a member it has not is null. */
export function projection(fields: readonly string[]): (row: string) => string {
  const names = fields.map((name) => `${JSON.stringify(name)}:`);
  const place = new Map(fields.map((name, i) => [name, i]));
  return (row) => {
    const tokens = new Array<string>(fields.length).fill('null');
    for (const { name, from, to } of members(row)) {
      const at = place.get(name);
      if (at !== undefined) tokens[at] = row.slice(from, to);
    }
    return `{${tokens.map((token, i) => `${names[i]}${token}`).join(',')}}`;
  };
}
