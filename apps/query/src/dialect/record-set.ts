import { limitExceeded, readLimits } from '@almanac/domain';
import type { Pass, RecordSet } from '@almanac/profiles';
import { type ReadCopy, SEPARATOR, sizeOf } from '@almanac/store';
import type { SearchRunner } from '../searches.ts';
import type { TimeSlice } from '../time-slice.ts';

/** Rows read in one step, so that a pass over all of them never has all chunks open. */
const STEP = 256;
const { summaryBytes, atOnceBytes } = readLimits;

/** A data set's rows as its source wrote them. */
export const asStored = (copy: ReadCopy): ReadCopy => copy.viewed('stored', undefined);

/** A read copy as a profile's routes see it. */
export function recordSet(copy: ReadCopy, searches: SearchRunner): RecordSet {
  const stored = asStored(copy);
  const { id, version, schema, modified } = copy.manifest;
  return {
    id,
    version,
    schema,
    modified,
    rows: copy.rows,
    texts(from = 0, to = copy.rows) {
      if (to - from === copy.rows) checkSize(copy, atOnceBytes);
      return texts(stored, from, to);
    },
    byKey: (key) => copy.byKey(key, stored)?.toString(),
    memoize: (name, make) => copy.memoize(name, make),
    async computed(name, begin) {
      const known = copy.find<ReturnType<ReturnType<typeof begin>['done']>>(name);
      return known ?? searches.run(copy, (search) => pass(copy, stored, name, begin, search));
    },
  };
}

function* texts(stored: ReadCopy, from: number, to: number): Generator<string> {
  for (let at = from; at < to; at += STEP)
    for (const slice of stored.page(at, Math.min(STEP, to - at))) yield* slice.toString().split(SEPARATOR);
}

/** One pass over all rows; what it finds may be there already, from a request that waited before this one. */
async function pass<T>(copy: ReadCopy, stored: ReadCopy, name: string, begin: () => Pass<T>, timeSlice: TimeSlice): Promise<T> {
  const known = copy.find<T>(name);
  if (known !== undefined) return known;
  checkSize(copy, summaryBytes);
  const { row, done } = begin();
  for (const { rows } of stored.all()) {
    for (const text of rows.toString().split(SEPARATOR)) row(text);
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  const found = done();
  copy.keep(name, found, sizeOf(found));
  return found;
}

/** Throws for a data set that is too large to be read as a whole for one request. */
function checkSize({ manifest: { id, raw } }: ReadCopy, limit: typeof summaryBytes): void {
  if (raw <= limit.value) return;
  throw limitExceeded('bad-request', limit, raw, {
    detail: `Data set '${id}' is too large for this route`,
    advice: 'GET /data and the routes under /v1/datasets read data sets of any size.',
  });
}
