import type { ColumnReport } from '@almanac/domain';
import { checkPixels, choosePlot, columnKinds, type Given, Picture, plotTypes } from '@almanac/plots';
import { checkInput } from './check-input.ts';
import { checkColumns } from './column-inputs.ts';
import { withDefaults } from './defaults.ts';
import { plotSchema, plotTypeIn, unknownMember } from './plot-schema.ts';
import type { Resolved } from './process.ts';
import { checkRows, splitInputs } from './rows-inputs.ts';
import { checkSubplot } from './subplot-input.ts';

/**
 * Checks the inputs of a plot against the columns of its data set. What is left out is chosen or gets its default; `time` becomes part of
 * `where`. Throws ProblemError with the wrong value, the nearest right one and the JSON pointer.
 */
export function validatePlotInputs(inputs: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): Resolved {
  const asked = plotTypeIn(inputs);
  const { rows, own } = splitInputs(inputs);
  checkInput(plotSchema(asked), own, '/inputs', (name) => unknownMember(name, asked));
  checkSubplot(own.subplot);
  checkPixels(own as Picture);
  checkColumns(own, asked, columns);
  const chosenRows = checkRows(rows, columns);
  const given = parametersIn(own);
  const { type, params, reason } = choosePlot(columns, { ...given, ...(asked === undefined ? {} : { type: asked }) } as Given);
  const { Params } = plotTypes[type];
  const chosen = Object.keys(params).some((name) => columnKinds(Params.properties[name] ?? {}) !== undefined && !(name in given));
  return {
    inputs: {
      ...chosenRows,
      ...withDefaults(Picture, pictureIn(own)),
      type,
      ...withDefaults(Params, params),
    },
    reason: asked === undefined || chosen ? reason : undefined,
  };
}

/** The parameters of the plot type. */
const parametersIn = (inputs: Readonly<Record<string, unknown>>) =>
  only(inputs, (name) => name !== 'type' && !Object.hasOwn(Picture.properties, name));

const pictureIn = (inputs: Readonly<Record<string, unknown>>) => only(inputs, (name) => Object.hasOwn(Picture.properties, name));

function only(inputs: Readonly<Record<string, unknown>>, isWanted: (name: string) => boolean): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(inputs)) if (isWanted(name)) found[name] = inputs[name];
  return found;
}
