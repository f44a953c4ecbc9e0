import { Picture, plotTypeIds, plotTypes } from '@almanac/plots';
import { Type } from 'typebox';
import { rowsInputs } from './rows-inputs.ts';

/** What every plot takes, whatever its type: which records, and how the picture is to be. */
export const common = {
  ...rowsInputs,
  ...Picture.properties,
};

/** One alternative for each plot type. Every parameter may be left out: it is chosen then, and the job's message says how. */
export const PlotInputs = Type.Union(
  plotTypeIds.map((id) =>
    Type.Object(
      {
        ...common,
        type: Type.Optional(Type.Literal(id, { description: plotTypes[id].description })),
        ...Type.Partial(plotTypes[id].Params).properties,
      },
      { title: plotTypes[id].title, additionalProperties: false },
    ),
  ),
  {
    description: 'which records, which columns, which plot; what is left out is chosen from the columns',
    examples: [{ dataset: 'meteorites', where: { recclass: 'L6' }, type: 'histogram', x: 'mass (g)', logX: true }],
  },
);
