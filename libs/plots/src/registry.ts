import type { PlotType } from './plot-type.ts';
import { bar } from './types/bar.ts';
import { histogram } from './types/histogram.ts';
import { line } from './types/line.ts';
import { scatter } from './types/scatter.ts';

const all = { line, scatter, histogram, bar };
export type PlotTypeId = keyof typeof all;

/** Every plot type by its id. */
export const plotTypes: Readonly<Record<PlotTypeId, PlotType>> = all;
export const plotTypeIds = Object.keys(plotTypes) as PlotTypeId[];

const byName = new Map(plotTypeIds.flatMap((id) => [id, ...plotTypes[id].aliases].map((name) => [name, id] as const)));

/** The plot type with this id or alias. */
export const plotTypeNamed = (name: string): PlotTypeId | undefined => byName.get(name);
