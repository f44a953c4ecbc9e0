import type { ColumnReport } from '@almanac/domain';
import type { PlotTypeId } from '../registry.ts';
import { type ColumnRoles, spansDecades } from './column-roles.ts';

/** The input of a proposal: the columns, their roles, and the x and y of the caller. */
export interface PlotRequest {
  columns: readonly ColumnReport[];
  roles: ColumnRoles;
  types: readonly PlotTypeId[];
  x: string | undefined;
  y: string | readonly string[] | undefined;
}

export interface Proposal {
  type: PlotTypeId;
  params: Record<string, unknown>;
  reason: string;
}

type Propose = (request: PlotRequest) => Proposal | undefined;

/** Longitude and latitude lie beside each other as on a map. */
const places: Propose = ({ roles, x, y }) => {
  const { longitude, latitude } = roles;
  if (longitude === undefined || latitude === undefined || (x ?? longitude) !== longitude || (y ?? latitude) !== latitude) return undefined;
  return {
    type: 'scatter',
    params: { x: longitude, y: latitude, equalAspect: true },
    reason: `${longitude} and ${latitude} are positions, so each record is a dot on them, east to the right and north up.`,
  };
};

/** What was measured over time is a line; x, y, z of the same quantity are drawn together. */
const overTime: Propose = ({ columns, roles, x, y }) => {
  const time = x === undefined ? roles.times[0] : columns.find(({ name, type }) => name === x && type === 'time')?.name;
  const lines = y ?? family(columns, roles.measures)[0];
  if (time === undefined || lines === undefined) return undefined;
  return { type: 'line', params: { x: time, y: lines }, reason: `${time} is a time, so ${listed(lines)} ${areLines(lines)} over it.` };
};

/** Years or steps that no two records share are as good as time. */
const overSequence: Propose = ({ roles, x, y }) => {
  const sequence = x === undefined ? roles.sequences[0] : roles.sequences.find((name) => name === x);
  const lines = y ?? roles.measures.find((name) => name !== sequence);
  if (sequence === undefined || lines === undefined) return undefined;
  return {
    type: 'line',
    params: { x: sequence, y: lines },
    reason: `${sequence} counts on from record to record, so ${listed(lines)} ${areLines(lines)} over it.`,
  };
};

/** Several columns of y are lines whatever x is. */
const severalLines: Propose = ({ roles, x, y, types }) => {
  if (!types.includes('line') || (!Array.isArray(y) && types.length > 1)) return undefined;
  const along = x ?? roles.times[0] ?? roles.sequences[0] ?? roles.measures.find((name) => !names(y).includes(name));
  const lines = y ?? roles.measures.find((name) => name !== along);
  if (along === undefined || lines === undefined) return undefined;
  return { type: 'line', params: { x: along, y: lines }, reason: `${listed(lines)} ${areLines(lines)} over ${along}.` };
};

/** A group and a number: one bar a group. */
const numberByGroup: Propose = ({ columns, roles, x, y }) => {
  if (typeof y !== 'string') return undefined;
  const group =
    x === undefined ? undefined : columns.find(({ name, type }) => name === x && (type === 'string' || type === 'boolean'))?.name;
  const chosen = group ?? (x === undefined && roles.measures.every((name) => name === y) ? roles.categories[0] : undefined);
  if (chosen === undefined) return undefined;
  return {
    type: 'bar',
    params: { x: chosen, y, aggregate: 'mean' },
    reason: `${chosen} groups the records, so the mean of ${y} is a bar for each.`,
  };
};

/** Two measures are compared dot by dot. Not if x alone is given: then its distribution is drawn. */
const twoMeasures: Propose = ({ columns, roles, x, y, types }) => {
  if (x !== undefined && y === undefined && types.includes('histogram')) return undefined;
  const numbers = [...roles.measures, ...roles.sequences, ...(roles.longitude === undefined ? [] : [roles.longitude])];
  const along = x ?? numbers.find((name) => name !== y);
  const up = y ?? [...numbers, ...roles.times].find((name) => name !== along);
  if (along === undefined || typeof up !== 'string' || isText(columns, along) || isText(columns, up)) return undefined;
  return {
    type: 'scatter',
    params: { x: along, y: up, ...log(columns, along, 'logX'), ...log(columns, up, 'logY') },
    reason: `${along} and ${up} are numbers, so each record is a dot.`,
  };
};

/** One measure alone: how its values are distributed. */
const oneMeasure: Propose = ({ columns, roles, x }) => {
  const measure = x ?? roles.measures[0] ?? roles.sequences[0] ?? roles.longitude ?? roles.latitude;
  if (measure === undefined || isText(columns, measure)) return undefined;
  // Whether its bins are of equal ratio is the histogram's own decision, from every value and not from the least and the greatest.
  return { type: 'histogram', params: { x: measure }, reason: `${measure} is a number, so its distribution is counted.` };
};

/** Groups alone: how many records each has. */
const groups: Propose = ({ columns, roles, x }) => {
  const group = x ?? roles.categories[0];
  const report = columns.find(({ name }) => name === group);
  if (group === undefined || report === undefined || report.type === 'time') return undefined;
  const { distinct } = report.evidence;
  return { type: 'bar', params: { x: group }, reason: `${group} has ${distinct} different values, so the records of each are counted.` };
};

/** Times alone: when there were many. */
const times: Propose = ({ columns, roles, x }) => {
  const time = x ?? roles.times[0];
  if (time === undefined || isText(columns, time)) return undefined;
  return { type: 'histogram', params: { x: time }, reason: `${time} is a time, so the records are counted along it.` };
};

/** In this order; the first that fits the given inputs is taken. */
export const proposals: readonly Propose[] = [
  places,
  overTime,
  overSequence,
  severalLines,
  numberByGroup,
  twoMeasures,
  oneMeasure,
  groups,
  times,
];

const names = (y: PlotRequest['y']): readonly string[] => (y === undefined ? [] : [y].flat());
const listed = (y: string | readonly string[]): string => [y].flat().join(', ');
const areLines = (y: string | readonly string[]): string => ([y].flat().length === 1 ? 'is a line' : 'are lines');

const isText = (columns: readonly ColumnReport[], name: string): boolean => {
  const type = columns.find((column) => column.name === name)?.type;
  return type === 'string' || type === 'boolean' || type === 'json';
};

function log(columns: readonly ColumnReport[], name: string, parameter: 'logX' | 'logY'): Record<string, true> {
  const report = columns.find((column) => column.name === name);
  return report !== undefined && spansDecades(report) ? { [parameter]: true } : {};
}

/** The first measure, with those that are the same quantity along other axes: X, Y, Z. */
function family(columns: readonly ColumnReport[], measures: readonly string[]): [string | string[] | undefined] {
  const first = measures[0];
  if (first === undefined) return [undefined];
  const stem = (name: string) => name.toLowerCase().replace(/(?<![a-z])[xyz](?![a-z])/, '?');
  const unit = (name: string) => columns.find((column) => column.name === name)?.unit;
  const together = measures.filter((name) => stem(name) === stem(first) && unit(name) === unit(first));
  return [together.length > 1 ? together : first];
}
