import { plotLimits } from '@almanac/domain';
import { called, extent, logDomain, positiveExtent } from '../data/columns.ts';
import { groupsOf } from '../data/groups.ts';
import { countMissing, ofRecords } from '../data/missing.ts';
import { writeCount } from '../data/numbers.ts';
import type { Colour, ColourByGroup, ColourByValue, Colourbar, Key } from '../figure.ts';
import type { PlotColumn } from '../plot-type.ts';
import { lengths } from '../theme.ts';
import { wide } from './ramp.ts';

/** This many groups get a colour of their own; the others share a grey. */
export const MOST_GROUPS = plotLimits.groups.value;

export interface DotColour {
  by: Colour | ColourByValue | ColourByGroup;
  keys: Key[];
  colourbar?: Colourbar;
  notes: string[];
}

/** How a column colours dots: numbers and times by value, strings and booleans by group. */
export function dotColour(column: PlotColumn | undefined, isLog: boolean): DotColour {
  if (column === undefined) return { by: 0, keys: [], notes: [] };
  return column.names === undefined && column.type !== 'boolean' ? byValue(column, isLog) : byGroup(column);
}

function byValue(column: PlotColumn, isLog: boolean): DotColour {
  const { values, title, unit } = column;
  const count = countMissing([column]);
  const scale =
    isLog && column.type !== 'time'
      ? { kind: 'log' as const, domain: logDomain(positiveExtent(values), 0) }
      : { kind: column.type === 'time' ? ('time' as const) : ('linear' as const), domain: wide(extent(values)) };
  return {
    by: { values, scale },
    keys: [],
    colourbar: { label: title, unit, scale },
    notes: count === 0 ? [] : [`${ofRecords(count, values.length)} no ${called(column)}: grey dots.`],
  };
}

function byGroup(column: PlotColumn): DotColour {
  const { names, counts, of } = groupsOf(column);
  const rest = Math.min(names.length, MOST_GROUPS);
  const others = names.length - rest;
  const missing = countMissing([column]);
  const entries: Key['entries'][number][] = names.slice(0, rest).map((name, i) => ({ name, colour: i, radius: lengths.marker }));
  if (others > 0) entries.push({ name: `${others} others`, colour: 'rest', radius: lengths.marker });
  else if (missing > 0) entries.push({ name: 'no value', colour: 'rest', radius: lengths.marker });
  const inOthers = counts.slice(rest).reduce((sum, count) => sum + count, 0);
  return {
    by: { codes: of.map((group) => Math.min(group, rest)), rest },
    keys: entries.length === 0 ? [] : [{ title: column.title, entries }],
    notes: [
      ...(others === 0
        ? []
        : [
            `The ${rest} most frequent values of ${column.title} have their own colours; ${others} others with ${writeCount(inOthers)} records are grey.`,
          ]),
      ...(missing === 0 ? [] : [`${ofRecords(missing, of.length)} no ${called(column)}: grey dots.`]),
    ],
  };
}
