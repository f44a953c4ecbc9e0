import { type Static, Type } from 'typebox';

const datasetId = /^[a-z0-9][a-z0-9_-]{0,63}$/;
export const datasetIdPattern = datasetId.source;
const jobId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id of a data set in URLs. No dot: `/v1/datasets/genes.csv` is the whole of `genes` as CSV. */
export const DatasetId = Type.String({
  pattern: datasetIdPattern,
  description: 'lower-case letters, digits, - and _; at most 64; starts with a letter or digit',
  examples: ['meteorites'],
});
export type DatasetId = Static<typeof DatasetId>;

export const isDatasetId = (text: string): boolean => datasetId.test(text);

/** A data set id made from a title: 'Meteorite Landings' -> 'meteorite-landings'. */
export function datasetIdFrom(title: string): string {
  const id = title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  return id === '' ? 'dataset' : id;
}

/** The id of a job: a lower-case UUID. */
export const JobId = Type.String({
  pattern: jobId.source,
  description: 'a lower-case UUID',
  examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'],
});
export type JobId = Static<typeof JobId>;

/** The version of a data set: `<sequence number>-<first 16 hex digits of the digest>` (store layout 1). */
export const formatVersion = (seq: number, digest: string): string => `${seq}-${digest.slice(0, 16)}`;

/** The parts of a version, or undefined if the text is none. The digest part may be omitted: "17". */
export function parseVersion(text: string): { seq: number; digest16: string | undefined } | undefined {
  const match = /^([1-9]\d{0,15})(?:-([0-9a-f]{16}))?$/.exec(text);
  return match === null ? undefined : { seq: Number(match[1]), digest16: match[2] };
}
