import { Picture, plotTypeIds, plotTypes } from '@almanac/plots';
import { Type } from 'typebox';
import { rowsInputs } from './rows-inputs.ts';

/** The inputs of every plot type: the records, and the picture. */
export const common = {
  ...rowsInputs,
  ...Picture.properties,
};

/** One alternative for each plot type. A parameter that is left out is chosen, and the job's message explains the choice. */
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
    description: 'records, columns and plot; what is omitted is chosen from the columns of the data set',
    examples: [{ dataset: 'meteorites', where: { recclass: 'L6' }, type: 'histogram', x: 'mass (g)', logX: true }],
  },
);
