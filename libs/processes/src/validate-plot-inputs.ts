import type { ColumnReport } from '@almanac/domain';
import { checkPixels, choosePlot, columnKinds, type Given, Picture, plotTypes } from '@almanac/plots';
import { checkColumns } from './column-inputs.ts';
import { withDefaults } from './defaults.ts';
import { checkMembers, plotTypeIn } from './members.ts';
import { common } from './plot-inputs.ts';
import type { Resolved } from './process.ts';
import { checkRows } from './rows-inputs.ts';
import { checkSubplot } from './subplot-input.ts';

/**
 * The inputs of a plot against the columns of its data set: everything wrong is a ProblemError that names the value, the nearest right
 * one and the JSON pointer; everything left out is chosen or defaulted. `time` has become part of `where`.
 */
export function validatePlotInputs(inputs: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): Resolved {
  const asked = plotTypeIn(inputs);
  checkMembers(inputs, asked);
  checkSubplot(inputs.subplot);
  checkPixels(inputs as Picture);
  checkColumns(inputs, asked, columns);
  const rows = checkRows(inputs, columns);
  const given = parametersIn(inputs);
  const { type, params, reason } = choosePlot(columns, { ...given, ...(asked === undefined ? {} : { type: asked }) } as Given);
  const { Params } = plotTypes[type];
  const chosen = Object.keys(params).some((name) => columnKinds(Params.properties[name] ?? {}) !== undefined && !(name in given));
  return {
    inputs: {
      ...rows,
      ...withDefaults(Picture, pictureIn(inputs)),
      type,
      ...withDefaults(Params, params),
    },
    reason: asked === undefined || chosen ? reason : undefined,
  };
}

/** What belongs to the plot type alone. */
const parametersIn = (inputs: Readonly<Record<string, unknown>>) => only(inputs, (name) => name !== 'type' && !Object.hasOwn(common, name));

const pictureIn = (inputs: Readonly<Record<string, unknown>>) => only(inputs, (name) => Object.hasOwn(Picture.properties, name));

/** Of members that are known, those that are meant. */
function only(inputs: Readonly<Record<string, unknown>>, isMeant: (name: string) => boolean): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(inputs)) if (isMeant(name)) found[name] = inputs[name];
  return found;
}
