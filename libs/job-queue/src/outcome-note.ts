import { type ColumnStatistics, jobLimits } from '@almanac/domain';
import type { Outcome } from './outcome.ts';

const TEXT_CHARACTERS = 200;
const MOST_NOTES = 50;
const DESCRIPTION_CHARACTERS = 4000;

/**
 * An outcome as the record of its job keeps it. Records are listed and kept long, so texts from the data are cut: a value may have two
 * megabytes. Statistics that are still too large are left out, which a note tells.
 */
export function outcomeNote({ description, notes, statistics, ...outcome }: Outcome): string {
  const short = {
    ...outcome,
    ...(description === undefined ? {} : { description: cut(description, DESCRIPTION_CHARACTERS) }),
    notes: notes.slice(0, MOST_NOTES).map((note) => cut(note, DESCRIPTION_CHARACTERS / 8)),
  };
  if (statistics === undefined) return JSON.stringify(short);
  const text = JSON.stringify({ ...short, statistics: mapped(statistics) });
  if (text.length <= jobLimits.outcomeBytes.value) return text;
  return JSON.stringify({ ...short, notes: [...short.notes, 'The statistics are left out of the record: they are too large for it.'] });
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
