import { DatasetId, Where } from '@almanac/domain';
import { Picture, plotTypeIds, plotTypes } from '@almanac/plots';
import { Type } from 'typebox';

const moment = (description: string) => Type.Optional(Type.String({ description, examples: ['1990-01-01', '2024-02-21T12:00:00Z'] }));

/** A span on the data set's first time column. */
export const TimeSpan = Type.Object(
  {
    from: moment('the first moment that counts'),
    to: moment('the last moment that counts; a date without a time is its midnight'),
  },
  { additionalProperties: false, description: 'ISO 8601, UTC unless a zone is given; on the first time column of the data set' },
);

/** What every plot takes, whatever its type: which records, and how the picture is to be. */
export const common = {
  dataset: DatasetId,
  version: Type.Optional(
    Type.String({ default: 'latest', description: 'latest, or the name of the present version', examples: ['17-3fa94c02d1b7e650'] }),
  ),
  where: Type.Optional(Where),
  time: Type.Optional(TimeSpan),
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
