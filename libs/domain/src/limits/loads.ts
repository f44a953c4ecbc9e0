import { section } from './limit.ts';

const ENDS = '400; the load ends and the data set stays as it was';
const LATER = '503 with Retry-After';

/** Limits on one load, and on all loads of one ingest process together. */
export const loadLimits = section({
  bodyBytes: {
    value: 2 ** 30,
    unit: 'bytes',
    title: 'bytes of one data set, both as sent and decompressed',
    setting: 'MAX_BODY_BYTES',
    outcome: '413',
  },
  yamlBytes: { value: 16 << 20, unit: 'bytes', title: 'bytes of one YAML body', outcome: '413' },
  bodyRate: {
    value: 1024,
    unit: 'bytes',
    title: 'bytes per second at which a body must arrive, on average over STALL_SECONDS',
    outcome: '408',
    isMinimum: true,
  },
  packings: { value: 1, unit: 'layers', title: 'layers of gzip around a data set', outcome: ENDS },
  expansion: {
    value: 200,
    unit: 'times',
    title: 'decompressed bytes per byte of gzip, after the first MiB',
    outcome: '413',
  },
  rows: { value: 20_000_000, unit: 'rows', title: 'rows of one data set', outcome: ENDS },
  rowBytes: { value: 2 * 1024 * 1024, unit: 'bytes', title: 'bytes of one row', outcome: ENDS },
  rowValues: {
    value: 50_000,
    unit: 'values',
    title: 'values of one row: fields of a table, items of lists at any depth; members of objects count three times',
    outcome: ENDS,
  },
  yamlTokens: { value: 20_000, unit: 'values', title: 'YAML tokens of one record, or beside the list of records', outcome: ENDS },
  depth: {
    value: 200,
    unit: 'levels',
    title: 'levels of nested lists, objects and elements',
    outcome: 'the row is rejected; 400 in XML and YAML',
  },
  columns: { value: 4096, unit: 'columns', title: 'columns of one data set', outcome: ENDS },
  columnNameCharacters: {
    value: 256,
    unit: 'characters',
    title: 'characters of the name of a column, an element or an attribute',
    outcome: ENDS,
  },
  columnNamesBytes: { value: 128 * 1024, unit: 'bytes', title: 'bytes of all column names of one data set, as JSON', outcome: ENDS },
  schemaBytes: {
    value: 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of the description of one data set, as JSON: column names, types, evidence, metadata of the source',
    outcome: `long examples are shortened first; then ${ENDS}`,
  },
  metadataBytes: {
    value: 64 * 1024,
    unit: 'bytes',
    title: 'bytes of the metadata of a source, as JSON',
    outcome: 'the metadata is left out, with a note',
  },
  notes: { value: 100, unit: 'values', title: 'notes of one load', outcome: 'the last note counts the others' },
  noteCharacters: { value: 1000, unit: 'characters', title: 'characters of one note', outcome: 'the note is cut' },
  unitCharacters: { value: 64, unit: 'characters', title: 'characters of the unit of a column', outcome: 'the unit is cut' },
  rejects: { value: 10_000, unit: 'rows', title: 'rejected rows of one load', outcome: ENDS },
  rejectsBytes: {
    value: 4 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of rejected rows that are kept with a data set',
    outcome: 'later rejected rows keep the reason only',
  },
  keyCollisions: {
    value: 200,
    unit: 'rows',
    title: 'rows with a different key but the same hash as an earlier key, more than chance explains',
    outcome: ENDS,
  },
  keyTablesBytes: {
    value: 256 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of the key tables of all loads in one ingest process; 20,000,000 keys use all of it',
    outcome: LATER,
  },
  loadsAtOnce: {
    value: 16,
    unit: 'loads',
    title: 'concurrent loads in one ingest process',
    outcome: `one client gets at most half of them; other loads wait, then ${LATER}`,
  },
  loadsWaiting: {
    value: 64,
    unit: 'loads',
    title: 'loads that wait for a place in one ingest process',
    outcome: `one client gets at most half of them; further loads get ${LATER}`,
  },
  loadWaitMs: { value: 5_000, unit: 'ms', title: 'time that a load waits for a place', outcome: LATER },
  largeRowsAtOnce: {
    value: 2,
    unit: 'rows',
    title: 'rows above 256 KiB that one ingest process reads at the same time',
    outcome: 'other rows wait',
  },
  heldBytes: {
    value: 64 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of YAML bodies and unfinished XML records that all loads of one ingest process hold',
    outcome: `a load waits 5 s, then ${LATER}`,
  },
  turnMs: {
    value: 10,
    unit: 'ms',
    title: 'processor time that loads use before other requests run',
    outcome: 'the load continues afterwards',
  },
});
