import { section } from './limit.ts';

const ENDS = '400; the load ends and the data set stays as it was';
const LATER = '503 with Retry-After';

/** What one load may bring, and what all loads of one ingest process may hold together. */
export const loadLimits = section({
  bodyBytes: {
    value: 2 ** 30,
    unit: 'bytes',
    title: 'bytes of one data set, as sent and as unpacked',
    setting: 'MAX_BODY_BYTES',
    outcome: '413',
  },
  yamlBytes: { value: 16 << 20, unit: 'bytes', title: 'bytes of one YAML body', outcome: '413' },
  bodyRate: {
    value: 1024,
    unit: 'bytes',
    title: 'bytes per second that a body must bring, as an average over STALL_SECONDS of waiting for it',
    outcome: '408',
    isMinimum: true,
  },
  packings: { value: 1, unit: 'layers', title: 'layers of gzip around a data set', outcome: ENDS },
  expansion: {
    value: 200,
    unit: 'times',
    title: 'bytes unpacked from one byte of gzip, after the first MiB',
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
    title: 'levels of lists, objects and elements in each other',
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
    title: 'bytes of what is known about the columns of one data set, as JSON: names, types, evidence, about',
    outcome: `long examples are shortened first; then ${ENDS}`,
  },
  metadataBytes: {
    value: 64 * 1024,
    unit: 'bytes',
    title: 'bytes of what a source says about itself, as JSON',
    outcome: 'it is left out, with a note',
  },
  notes: { value: 100, unit: 'values', title: 'notes of one load', outcome: 'the last note counts the others' },
  noteCharacters: { value: 1000, unit: 'characters', title: 'characters of one note', outcome: 'the note is cut' },
  unitCharacters: { value: 64, unit: 'characters', title: 'characters of the unit of a column', outcome: 'the unit is cut' },
  rejects: { value: 10_000, unit: 'rows', title: 'rejected rows of one load', outcome: ENDS },
  rejectsBytes: {
    value: 4 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of rejected rows that are kept with a data set',
    outcome: 'later rejects keep the reason without the row',
  },
  keyCollisions: {
    value: 200,
    unit: 'rows',
    title: 'rows whose different keys have the hash of an earlier key, beyond what chance explains',
    outcome: ENDS,
  },
  keyTablesBytes: {
    value: 256 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes that the key tables of all loads of one ingest process take; 20,000,000 keys take all of it',
    outcome: LATER,
  },
  loadsAtOnce: {
    value: 16,
    unit: 'loads',
    title: 'loads that run at once in one ingest process',
    outcome: `one client gets half of them at most; the others wait, then ${LATER}`,
  },
  loadsWaiting: {
    value: 64,
    unit: 'loads',
    title: 'loads that wait for a place in one ingest process',
    outcome: `one client gets half of them at most; further loads get ${LATER}`,
  },
  loadWaitMs: { value: 5_000, unit: 'ms', title: 'time that a load waits for a place', outcome: LATER },
  largeRowsAtOnce: {
    value: 2,
    unit: 'rows',
    title: 'rows above 256 KiB that are read at once in one ingest process',
    outcome: 'the others wait',
  },
  heldBytes: {
    value: 64 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes that all loads of one ingest process hold of YAML bodies and of unfinished XML records',
    outcome: `a load waits 5 s, then ${LATER}`,
  },
  turnMs: {
    value: 10,
    unit: 'ms',
    title: 'processor time that loads use before other requests get their turn',
    outcome: 'the load continues afterwards',
  },
});
