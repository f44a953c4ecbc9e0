import { section } from './limit.ts';

/** Limits on one response of the query service, and on all reads of one process together. */
export const readLimits = section({
  searchBytes: { value: 1024 * 1024, unit: 'bytes', title: 'bytes of the body of POST /v1/datasets/{id}/search', outcome: '413' },
  searchValues: { value: 10_000, unit: 'values', title: 'values of one list in such a body', outcome: '400' },
  searchFilters: { value: 50, unit: 'values', title: 'comparisons in such a body', outcome: '400' },
  suggestionCandidates: {
    value: 200,
    unit: 'names',
    title: 'names that are compared with an unknown name',
    outcome: 'the error suggests none of the others',
  },
  suggestionCharacters: {
    value: 64,
    unit: 'characters',
    title: 'characters of a name that are compared; an error shows 80',
    outcome: 'the rest of a longer name is ignored',
  },
  pageRecords: {
    value: 10_000,
    unit: 'records',
    title: 'records of one page (`limit`)',
    outcome: '400; `limit=all` streams every record',
  },
  pageBytes: {
    value: 4 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of the records of one page',
    outcome: 'the page ends early, after at least one record; `numberReturned` is its number of records and the `next` link continues',
  },
  listPageBytes: {
    value: 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of one page of the list of data sets or of rejected rows',
    outcome: 'the page ends early, after at least one item; the `next` link continues',
  },
  pageReadBytes: {
    value: 64 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of stored records that are read for one page of selected fields',
    outcome: 'the page ends early, as above',
  },
  bufferedBytes: {
    value: 256 * 1024,
    unit: 'bytes',
    title: 'bytes of a response that are produced before the client reads any',
    outcome: 'a longer response is streamed as fast as the client reads it',
  },
  streams: {
    value: 256,
    unit: 'streams',
    title: 'responses that one process streams at the same time',
    outcome: '503 with Retry-After',
  },
  stallMs: {
    value: 60_000,
    unit: 'ms',
    title: 'time in which a client reads nothing of its response',
    outcome: 'the connection is closed',
  },
  memoryMb: {
    value: 256,
    unit: 'MB',
    title: 'memory for all data kept for reads: compressed data sets, decoded rows, typed columns, summaries',
    outcome:
      'the least recently used data is dropped; one data set larger than this is kept in addition while it is read, a second one gets 503 with Retry-After',
    setting: 'READ_CACHE_MB',
  },
  idleMs: {
    value: 60_000,
    unit: 'ms',
    title: 'time after which unused data is dropped from memory (deleted and replaced data sets: 5 s)',
    outcome: 'the next read fetches it from the store again',
  },
  filters: {
    value: 50,
    unit: 'values',
    title: 'filters of one request',
    outcome: '400',
  },
  listValues: {
    value: 1000,
    unit: 'values',
    title: 'values of one `[in]` filter',
    outcome: '400',
  },
  filterCharacters: {
    value: 4096,
    unit: 'characters',
    title: 'characters of one value of a filter or of `search`',
    outcome: '400',
  },
  likeParts: {
    value: 32,
    unit: 'values',
    title: '`*` in one `[like]` pattern',
    outcome: '400',
  },
  fieldNames: {
    value: 4096,
    unit: 'names',
    title: 'columns that `fields` names',
    outcome: '400',
  },
  searches: {
    value: 2,
    unit: 'requests',
    title: 'concurrent searches in one process (filters, `/data?search=`, first reads of a column)',
    outcome: 'other searches wait',
  },
  searchQueue: {
    value: 200,
    unit: 'requests',
    title: 'searches that wait in one process',
    outcome: '503 with Retry-After',
  },
  searchWaitMs: {
    value: 5_000,
    unit: 'ms',
    title: 'time a search waits to start',
    outcome: '503 with Retry-After',
  },
  searchCpuMs: {
    value: 30_000,
    unit: 'ms',
    title: 'processor time of one search',
    outcome: '400; the data set is too large for this search',
  },
  summaryBytes: {
    value: 96 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of the records of a data set that `/genes`, `/get-keys`, `/meteorites/...` and `/turbidity...` can read as a whole',
    outcome: '400; `/data` and the routes under `/v1/datasets` have no such limit',
  },
  atOnceBytes: {
    value: 4 * 1024 * 1024,
    unit: 'bytes',
    title: 'the same for `/degrees`, `/mars/...` and the routes of the ISS, which read all records in one step',
    outcome: '400',
  },
});
