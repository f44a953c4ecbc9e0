import { parseTime } from '@almanac/domain';
import type { RecordSet } from '../record-set.ts';
import { sourceMetadataOf } from './source-metadata.ts';

/** How far a forecast may be from the true position of the station, by its age: newer files minus older ones of the same station. */
const classes = [
  { upToDays: 1, words: 'within about a kilometre', km: 1 },
  { upToDays: 3, words: 'within some kilometres', km: 9 },
  { upToDays: 5, words: 'within about twenty kilometres', km: 20 },
  { upToDays: 8, words: 'tens to hundreds of kilometres', km: 435 },
] as const;

export interface FileAge {
  created: string | null;
  /** between the creation of the file and the requested time */
  age_days: number | null;
  accuracy: string;
  accuracy_km: number | null;
}

/** How old the file is for a moment, and what that means for its accuracy. */
export function fileAge(set: RecordSet, momentMs: number): FileAge {
  const created = sourceMetadataOf(set).header.CREATION_DATE;
  const createdMs = typeof created === 'string' ? parseTime(created) : undefined;
  if (typeof created !== 'string' || createdMs === undefined) {
    return { created: null, age_days: null, accuracy: 'unknown: the file does not say when it was made', accuracy_km: null };
  }
  const days = (momentMs - createdMs) / 86_400_000;
  // A file begins about a day before it is made; it has no earlier states.
  const isOfFile = days >= -1;
  const found = isOfFile ? classes.find(({ upToDays }) => days <= upToDays) : undefined;
  return {
    created,
    age_days: Math.round(days * 100) / 100,
    accuracy:
      found?.words ?? (isOfFile ? 'unknown: such old forecasts were not compared' : 'unknown: the file was made long after this time'),
    accuracy_km: found?.km ?? null,
  };
}
