import { columnKinds } from './params.ts';
import type { PlotType } from './plot-type.ts';

/** The columns that parameters name, each once, in the order of the type's schema: what a plot reads of a data set. */
export function columnsOf(type: Pick<PlotType, 'Params'>, params: Readonly<Record<string, unknown>>): string[] {
  const names = Object.entries(type.Params.properties)
    .filter(([, property]) => columnKinds(property) !== undefined)
    .flatMap(([parameter]) => params[parameter] ?? [])
    .filter((name): name is string => typeof name === 'string');
  return [...new Set(names)];
}
