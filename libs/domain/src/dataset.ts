import { type Static, Type } from 'typebox';

export const columnTypes = ['integer', 'number', 'boolean', 'time', 'string', 'json'] as const;
export const ColumnType = Type.Enum([...columnTypes], {
  description:
    'what every present value of the column is: integer, number, boolean, time (ISO 8601, UTC), string, or json (a list or an object)',
});
export type ColumnType = (typeof columnTypes)[number];

/** One column of a data set as its schema stores it. */
export const Column = Type.Object({
  name: Type.String({ description: 'the key in every record, as the source spells it' }),
  type: ColumnType,
  title: Type.Optional(Type.String({ description: 'the name without its unit, for people' })),
  unit: Type.Optional(Type.String({ description: 'as the source writes it, e.g. g, km/s, NTU' })),
  derived: Type.Optional(Type.Boolean({ description: 'whether the load computed it from other columns: the source does not have it' })),
  asStored: Type.Boolean({
    description: 'whether the stored token already is the typed value; where false, reading converts it (numbers sent as strings, for one)',
  }),
});
export type Column = Static<typeof Column>;

/** Where records came from; each member is absent where nothing is known. */
const origin = {
  format: Type.Optional(Type.String({ description: 'the format of the source, for example csv' })),
  about: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description:
        'what the source says about itself beside its records, in its own words: header, metadata and comments of an ephemeris, elements of XML',
    }),
  ),
};

/** What is special about a data set's records. Its JSON text is part of the digest. */
export const Schema = Type.Object({
  columns: Type.Array(Column),
  key: Type.Optional(Type.String({ description: 'the column whose values name the records; absent: a record is named by its number' })),
  ...origin,
});
export type Schema = Static<typeof Schema>;

/** Why a column got its type: counted over every row of the load, none sampled. */
export const Evidence = Type.Object({
  present: Type.Integer({ description: 'rows that have a value here' }),
  missing: Type.Integer({ description: 'rows that have none: null, an empty field, or no such member' }),
  kinds: Type.Record(Type.String(), Type.Integer(), {
    description: 'how many values read as integer, number, boolean, time, string, json; only kinds that occur',
  }),
  distinct: Type.Integer({ description: 'different values; counting stops at 1,000' }),
  min: Type.Optional(Type.Union([Type.Number(), Type.String()], { description: 'least number, or earliest time' })),
  max: Type.Optional(Type.Union([Type.Number(), Type.String()], { description: 'greatest number, or latest time' })),
  examples: Type.Array(Type.String(), { description: 'up to three values as the source wrote them' }),
  exception: Type.Optional(
    Type.Object(
      { row: Type.Integer(), value: Type.String() },
      {
        description: 'the first value that kept the column from the narrower type most of its values have',
      },
    ),
  ),
});
export type Evidence = Static<typeof Evidence>;

/** Counting distinct values stops here: enough to tell a category from an identifier. */
export const DISTINCT_LIMIT = 1000;

/** A column with the evidence for it: what data set answers and load reports list. */
export const ColumnReport = Type.Interface([Column], { evidence: Evidence });
export type ColumnReport = Static<typeof ColumnReport>;

/** A row that could not become a record, kept apart and never lost. */
export const Reject = Type.Object({
  row: Type.Integer({ description: 'number of the row in the source, the first after the header is 1' }),
  reason: Type.String(),
  raw: Type.String({ description: 'the row as the source had it, at most 2,000 characters' }),
});
export type Reject = Static<typeof Reject>;

export const Link = Type.Object({ rel: Type.String(), href: Type.String(), type: Type.Optional(Type.String()) });
export type Link = Static<typeof Link>;

/** GET /v1/datasets/{id} */
export const Dataset = Type.Object(
  {
    id: Type.String(),
    title: Type.Optional(Type.String()),
    version: Type.String({ description: '<sequence number>-<first 16 hex digits of the digest>' }),
    digest: Type.String({ description: 'SHA-256 over rows, order and schema (hex)' }),
    rows: Type.Integer(),
    rejected: Type.Integer({ description: 'rows of the last load that were kept apart' }),
    key: Type.Union([Type.String(), Type.Null()], { description: 'the column that names records; null: their number does' }),
    columns: Type.Array(ColumnReport),
    ...origin,
    bytes: Type.Object({ raw: Type.Integer(), stored: Type.Integer() }),
    modified: Type.String({ format: 'date-time' }),
    links: Type.Array(Link),
  },
  { $id: 'Dataset' },
);
export type Dataset = Static<typeof Dataset>;

/** What a load answers: what came in, what was kept apart, what was made of it. */
export const LoadReport = Type.Object(
  {
    dataset: Type.String(),
    version: Type.String(),
    digest: Type.String(),
    format: Type.String({ description: 'the format the body was read as, for example csv' }),
    rows: Type.Integer(),
    rejected: Type.Integer(),
    rejects: Type.Array(Reject, { description: 'the first 20; all of them at /v1/datasets/{id}/rejects' }),
    key: Type.Union([Type.String(), Type.Null()]),
    columns: Type.Array(ColumnReport),
    bytes: Type.Object({ source: Type.Integer(), raw: Type.Integer(), stored: Type.Integer() }),
    seconds: Type.Number(),
    notes: Type.Array(Type.String(), { description: 'what a person should know of this load, in sentences' }),
    links: Type.Array(Link),
  },
  { $id: 'LoadReport' },
);
export type LoadReport = Static<typeof LoadReport>;
