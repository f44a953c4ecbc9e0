import { Dataset, Link, operatorHelp } from '@almanac/domain';
import { BINARY, bareType, problemResponse, ref } from '@almanac/service';
import { Type } from 'typebox';
import { formatIds, mediaTypes } from '../../http/media-types.ts';

/** A data set's id in a path: any text, because an invalid id is an unknown data set (404, not 400). */
export const DatasetParams = Type.Object({ id: Type.String({ description: 'the data set’s id', examples: ['meteorites'] }) });

export const Version = Type.String({
  description: 'the version to read instead of the latest; 410 if it is no longer kept',
  examples: ['17-3fa94c02d1b7e650'],
});
export const F = Type.Enum(formatIds, { description: 'format of the response; overrides the Accept header' });
export const Fields = Type.String({
  description: 'only these columns, in this order, separated by commas (a comma in a name is written \\,)',
  examples: ['name,mass (g)'],
});
/** OpenAPI sends the members of an object in a query as parameters of their own, which is what filters are. */
export const Filters = Type.Record(Type.String(), Type.String(), {
  description: [
    'Filters on any column: `recclass=L6`, `mass (g)[gte]=1000`, `recclass[in]=L6,H5`, `name[like]=A*`.',
    `Operators: ${operatorHelp}; \`not.\` before an operator negates it.`,
    'An empty value stands for a missing one. `field.` before the name reaches a column that is named like a parameter.',
  ].join(' '),
});

const DEFAULT_LIMIT = 50;

/** Parameters of a page, for routes whose parameters the validator checks. */
export const pageParameters = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: DEFAULT_LIMIT, description: 'items on a page' })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER - 10_000, default: 0, description: 'items to skip' })),
};

/** The requested page. */
export const pageQuestion = ({ limit = DEFAULT_LIMIT, offset = 0 }: { limit?: number; offset?: number }) => ({ limit, offset });

export const pageOf = {
  numberReturned: Type.Integer(),
  numberMatched: Type.Integer({ description: 'number of all matches' }),
  links: Type.Array(Link),
};

export const Unchanged = Type.Null({ description: 'Not modified (If-None-Match)' });

const AnyRecord = Type.Record(Type.String(), Type.Unknown());

const recordForms = {
  [bareType(mediaTypes.csv)]: { schema: Type.String() },
  [mediaTypes.ndjson]: { schema: Type.String() },
  [mediaTypes.arrow]: { schema: BINARY },
};

/** Records in each format. */
export const recordsResponses = {
  200: {
    description:
      'The records. Headers: ETag, Almanac-Version, Almanac-Records (number of matches), Link; Almanac-Note if the page ends early because of its size.',
    content: {
      [bareType(mediaTypes.json)]: {
        schema: Type.Union([
          Type.Object({
            items: Type.Array(AnyRecord),
            ...pageOf,
            numberMatched: Type.Optional(pageOf.numberMatched),
            version: Type.String(),
            note: Type.Optional(Type.String({ description: 'present if the page ends early because of its size' })),
          }),
          Type.Array(AnyRecord, { description: 'with shape=array' }),
        ]),
      },
      ...recordForms,
    },
  },
  206: {
    description: 'Part of the file of a whole data set (Range)',
    content: { [bareType(mediaTypes.json)]: { schema: BINARY }, ...recordForms },
  },
  304: Unchanged,
  default: problemResponse,
};

/** The description of a data set, or with an extension all records. */
export const datasetResponses = {
  ...recordsResponses,
  200: {
    description: 'The description; with an extension the records, with Accept-Ranges, and Content-Length if it is known',
    content: {
      [bareType(mediaTypes.json)]: { schema: Type.Union([ref('Dataset', Dataset), Type.Array(AnyRecord, { description: 'with .json' })]) },
      ...recordForms,
    },
  },
};

export const recordResponses = { 200: AnyRecord, 304: Unchanged, default: problemResponse };
