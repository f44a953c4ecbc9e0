import { type Static, Type } from 'typebox';

export const columnTypes = ['integer', 'number', 'boolean', 'time', 'string', 'json'] as const;
export const ColumnType = Type.Enum([...columnTypes], {
  description: 'type of every value of the column: integer, number, boolean, time (ISO 8601, UTC), string, or json (a list or an object)',
});
export type ColumnType = (typeof columnTypes)[number];

/** One column of a data set as its schema stores it. */
export const Column = Type.Object({
  name: Type.String({ description: 'name of the member in every record, as in the source' }),
  type: ColumnType,
  title: Type.Optional(Type.String({ description: 'the name without its unit, for display' })),
  unit: Type.Optional(Type.String({ description: 'unit as in the source, e.g. g, km/s, NTU' })),
  derived: Type.Optional(Type.Boolean({ description: 'true if the load computed it from other columns' })),
  asStored: Type.Boolean({
    description: 'true if the stored value has this type already; if false, reads convert it, for example numbers sent as strings',
  }),
});
export type Column = Static<typeof Column>;

/** The source of the records; a member is absent if it is unknown. */
const origin = {
  format: Type.Optional(Type.String({ description: 'the format of the source, for example csv' })),
  about: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'metadata of the source beside its records: header, metadata and comments of an ephemeris, elements of XML',
    }),
  ),
};

/** The schema of a data set. Its JSON text is part of the digest. */
export const Schema = Type.Object({
  columns: Type.Array(Column),
  key: Type.Optional(
    Type.String({ description: 'the column whose values identify the records; if absent, the key of a record is its number' }),
  ),
  ...origin,
});
export type Schema = Static<typeof Schema>;

/** The evidence for a column's type: counted over every row of the load, without sampling. */
export const Evidence = Type.Object({
  present: Type.Integer({ description: 'rows with a value' }),
  missing: Type.Integer({ description: 'rows without one: null, an empty field, or no such member' }),
  kinds: Type.Record(Type.String(), Type.Integer(), {
    description: 'number of values that parse as integer, number, boolean, time, string, json; only kinds that occur',
  }),
  distinct: Type.Integer({ description: 'number of distinct values; counting stops at 1,000' }),
  min: Type.Optional(Type.Union([Type.Number(), Type.String()], { description: 'least number, or earliest time' })),
  max: Type.Optional(Type.Union([Type.Number(), Type.String()], { description: 'greatest number, or latest time' })),
  examples: Type.Array(Type.String(), { description: 'at most three values, as in the source' }),
  exception: Type.Optional(
    Type.Object(
      { row: Type.Integer(), value: Type.String() },
      {
        description: 'the first value that does not fit the narrower type of most values',
      },
    ),
  ),
});
export type Evidence = Static<typeof Evidence>;

/** Counting distinct values stops here: enough to distinguish a category from an identifier. */
export const DISTINCT_LIMIT = 1000;

/** A column with its evidence, as descriptions of data sets and load reports list it. */
export const ColumnReport = Type.Interface([Column], { evidence: Evidence });
export type ColumnReport = Static<typeof ColumnReport>;

/** A row that could not become a record. It is kept beside the records. */
export const Reject = Type.Object({
  row: Type.Integer({ description: 'number of the row in the source; the first after the header is 1' }),
  reason: Type.String(),
  raw: Type.String({ description: 'the row as in the source, at most 2,000 characters' }),
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
    rejected: Type.Integer({ description: 'rejected rows of the last load' }),
    key: Type.Union([Type.String(), Type.Null()], {
      description: 'the column that identifies records; null: the key of a record is its number',
    }),
    columns: Type.Array(ColumnReport),
    ...origin,
    bytes: Type.Object({ raw: Type.Integer(), stored: Type.Integer() }),
    modified: Type.String({ format: 'date-time' }),
    links: Type.Array(Link),
  },
  { $id: 'Dataset' },
);
export type Dataset = Static<typeof Dataset>;

/** What a load returns: the rows it read and rejected, and the data set it made. */
export const LoadReport = Type.Object(
  {
    dataset: Type.String(),
    version: Type.String(),
    digest: Type.String(),
    format: Type.String({ description: 'the format the body was read as, for example csv' }),
    rows: Type.Integer(),
    rejected: Type.Integer(),
    rejects: Type.Array(Reject, { description: 'the first 20; /v1/datasets/{id}/rejects lists all' }),
    key: Type.Union([Type.String(), Type.Null()]),
    columns: Type.Array(ColumnReport),
    bytes: Type.Object({ source: Type.Integer(), raw: Type.Integer(), stored: Type.Integer() }),
    seconds: Type.Number(),
    notes: Type.Array(Type.String(), { description: 'remarks on this load, in sentences' }),
    links: Type.Array(Link),
  },
  { $id: 'LoadReport' },
);
export type LoadReport = Static<typeof LoadReport>;
