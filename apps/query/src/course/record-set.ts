import type { RecordSet } from '@almanac/profiles';
import { type ReadCopy, SEPARATOR } from '@almanac/store';

/** Rows read in one step, so that a pass over all of them never has all chunks open. */
const STEP = 256;

/** A data set's rows as its source wrote them. */
export const asStored = (copy: ReadCopy): ReadCopy => copy.viewed('stored', undefined);

/** A read copy as a profile's routes see it. */
export function recordSet(copy: ReadCopy): RecordSet {
  const stored = asStored(copy);
  const { id, version, schema, modified } = copy.manifest;
  return {
    id,
    version,
    schema,
    modified,
    rows: copy.rows,
    *texts(from = 0, to = copy.rows) {
      for (let at = from; at < to; at += STEP)
        for (const slice of stored.page(at, Math.min(STEP, to - at))) yield* slice.toString().split(SEPARATOR);
    },
    byKey: (key) => copy.byKey(key, stored)?.toString(),
    kept: (name, make) => copy.kept(name, make),
  };
}
