import { type ColumnReport, ProblemError, unknownColumn } from '@almanac/domain';
import { columnKinds } from '../params.ts';
import { type PlotTypeId, plotTypeIds, plotTypes } from '../registry.ts';
import { columnRoles } from './column-roles.ts';
import { type PlotRequest, type Proposal, proposals } from './proposals.ts';

/** The inputs of the caller: a type, some parameters, or nothing. */
export type Given = Readonly<Record<string, unknown>> & { type?: PlotTypeId };

export interface Choice {
  type: PlotTypeId;
  /** complete and valid parameters of that type, with everything that was given */
  params: Record<string, unknown>;
  /** one sentence for the job's message: why this plot */
  reason: string;
}

/**
 * Completes the inputs of a plot. What is given is kept; the rest is chosen from the columns' types and evidence.
 * Throws ProblemError 'unknown-column' for a column that does not exist, 'unsuitable-column' if no column fits, and 'invalid-body' if no
 * type takes all given parameters.
 */
export function choosePlot(columns: readonly ColumnReport[], given: Given = {}): Choice {
  const { type, ...params } = given;
  const types = suitableTypes(columns, type, params);
  const request: PlotRequest = {
    columns,
    roles: columnRoles(columns),
    types,
    x: oneName(params.x),
    y: params.y as string | string[] | undefined,
  };
  for (const propose of proposals) {
    const proposal = propose(request);
    if (proposal !== undefined && types.includes(proposal.type) && keeps(proposal, params)) {
      return { type: proposal.type, params: { ...proposal.params, ...params }, reason: proposal.reason };
    }
  }
  // A type that no proposal makes can still be drawn as it was asked for.
  if (type !== undefined && isComplete(type, params)) return { type, params, reason: 'The request names the type and its columns.' };
  throw new ProblemError(
    'unsuitable-column',
    `No plot${type === undefined ? '' : ` of type '${type}'`} can be chosen: no column is a measurement, a time or a category. Choose the columns with x and y.`,
  );
}

const isComplete = (type: PlotTypeId, params: Readonly<Record<string, unknown>>): boolean =>
  plotTypes[type].Params.required.every((name) => name in params);

const oneName = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The types that take every given parameter, with every given column. */
function suitableTypes(
  columns: readonly ColumnReport[],
  type: PlotTypeId | undefined,
  params: Readonly<Record<string, unknown>>,
): PlotTypeId[] {
  const names = Object.keys(params);
  const taking = (type === undefined ? plotTypeIds : [type]).filter((id) => names.every((name) => name in plotTypes[id].Params.properties));
  if (taking.length === 0) throw new ProblemError('invalid-body', `No plot type takes all of ${names.join(', ')}. Choose one with 'type'.`);
  const suitable = taking.filter((id) =>
    names.every((name) => {
      const kinds = columnKinds(plotTypes[id].Params.properties[name]!);
      const named = [params[name]].flat().filter((value) => typeof value === 'string');
      return kinds === undefined || named.every((value) => kinds.includes(columnOf(columns, value, name).type));
    }),
  );
  if (suitable.length > 0) return suitable;
  const values = names.map((name) => `${name}=${JSON.stringify(params[name])}`).join(', ');
  throw new ProblemError(
    'unsuitable-column',
    `${type === undefined ? 'No plot type takes' : `Plot type '${type}' does not take`} columns of these types: ${values}.`,
  );
}

function columnOf(columns: readonly ColumnReport[], name: string, parameter: string): ColumnReport {
  const found = columns.find((column) => column.name === name);
  if (found === undefined)
    throw unknownColumn(
      name,
      columns.map((column) => column.name),
      parameter,
    );
  return found;
}

/** Whether a proposal keeps the given columns. */
const keeps = ({ params }: Proposal, given: Readonly<Record<string, unknown>>): boolean =>
  ['x', 'y'].every(
    (name) => given[name] === undefined || params[name] === undefined || JSON.stringify(params[name]) === JSON.stringify(given[name]),
  );
