import { summariseNumbers, summariseTexts, summariseTimes } from '@almanac/analysis';
import { type ColumnStatistics, plotLimits } from '@almanac/domain';
import type { PlotColumn } from '@almanac/plots';

/** Statistics of every column, by its name. */
export const columnStatistics = (columns: Readonly<Record<string, PlotColumn>>): Record<string, ColumnStatistics> =>
  Object.fromEntries(Object.values(columns).map((column) => [column.name, statisticsOf(column)]));

function statisticsOf({ type, values, names }: PlotColumn): ColumnStatistics {
  if (names !== undefined) return shortened(summariseTexts(values, names));
  return type === 'time' ? summariseTimes(values) : summariseNumbers(values);
}

/** The job's record holds the statistics, and a value of a data set may have millions of characters. */
function shortened({ mostFrequent, ...rest }: ColumnStatistics): ColumnStatistics {
  if (mostFrequent === undefined) return rest;
  const { value, count } = mostFrequent;
  const most = plotLimits.statisticsCharacters.value;
  return { ...rest, mostFrequent: { value: value.length <= most ? value : `${value.slice(0, most - 1).toWellFormed()}\u2026`, count } };
}
