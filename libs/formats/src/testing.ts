import { EvidenceCounter } from './evidence/evidence.ts';
import { type Format, parseOptions } from './format.ts';
import type { Row } from './row.ts';

/** Bytes in pieces of `size`: what a slow or a fast connection makes of them. */
export async function* pieces(bytes: Uint8Array | string, size = 1 << 16): AsyncGenerator<Uint8Array> {
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  for (let i = 0; i < all.length; i += size) yield all.subarray(i, i + size);
}

/** Everything a format makes of a body, for tests. */
export async function parseAll(format: Format, bytes: Uint8Array | string, size?: number) {
  const options = parseOptions();
  const evidence = new EvidenceCounter(options.units);
  const rows: Row[] = [];
  const rejects: { row: number; reason: string; raw: string }[] = [];
  for await (const batch of format.parse(pieces(bytes, size), options)) {
    rows.push(...batch.rows);
    rejects.push(...batch.rejects);
  }
  for (const row of rows) evidence.count(row);
  return {
    rows,
    texts: rows.map((row) => row.text),
    rejects,
    notes: [...options.notes],
    metadata: options.metadata,
    columns: evidence.columns(),
    evidence: evidence.evidence(),
  };
}
