import { type ColumnStatistics, jobLimits } from '@almanac/domain';
import type { Outcome } from './outcome.ts';

const TEXT_CHARACTERS = 200;
const MAX_NOTES = 50;
const DESCRIPTION_CHARACTERS = 4000;

/**
 * Returns an outcome as the note of its job's record. Records are listed and kept long, so texts from the data are cut: a value may have two
 * megabytes. If the statistics are still too large they are left out, and a note reports it.
 */
export function outcomeNote({ description, notes, statistics, ...outcome }: Outcome): string {
  const short = {
    ...outcome,
    ...(description === undefined ? {} : { description: cut(description, DESCRIPTION_CHARACTERS) }),
    notes: notes.slice(0, MAX_NOTES).map((note) => cut(note, DESCRIPTION_CHARACTERS / 8)),
  };
  if (statistics === undefined) return JSON.stringify(short);
  const text = JSON.stringify({ ...short, statistics: mapped(statistics) });
  if (text.length <= jobLimits.outcomeBytes.value) return text;
  return JSON.stringify({ ...short, notes: [...short.notes, 'The statistics are too large for the job record and are left out.'] });
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 3)}...` : text);

const mapped = (statistics: Record<string, ColumnStatistics>): Record<string, ColumnStatistics> =>
  Object.fromEntries(Object.entries(statistics).map(([column, one]) => [column, shortened(one)]));

function shortened({ min, max, mostFrequent, ...rest }: ColumnStatistics): ColumnStatistics {
  const value = <T>(one: T): T => (typeof one === 'string' ? (cut(one, TEXT_CHARACTERS) as T) : one);
  return {
    ...rest,
    ...(min === undefined ? {} : { min: value(min) }),
    ...(max === undefined ? {} : { max: value(max) }),
    ...(mostFrequent === undefined ? {} : { mostFrequent: { ...mostFrequent, value: value(mostFrequent.value) } }),
  };
}
