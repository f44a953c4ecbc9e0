import { section } from './limit.ts';

/** What one answer of the query service may hold, and what all reads of one process may take together. */
export const readLimits = section({
  searchBytes: { value: 1024 * 1024, unit: 'bytes', title: 'bytes of the body of POST /v1/datasets/{id}/search', outcome: '413' },
  searchValues: { value: 10_000, unit: 'values', title: 'values of one list in such a body', outcome: '400' },
  searchFilters: { value: 50, unit: 'values', title: 'comparisons in such a body', outcome: '400' },
  suggestionCandidates: {
    value: 200,
    unit: 'names',
    title: 'names that are compared with a misspelt one',
    outcome: 'the error names no suggestion from beyond them',
  },
  suggestionCharacters: {
    value: 64,
    unit: 'characters',
    title: 'characters of a name that are compared, and 80 that an error shows',
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
    outcome: 'the page ends early, after at least one record; `numberReturned` says how many it has and the `next` link continues',
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
    title: 'bytes of an answer that are made before the caller takes any',
    outcome: 'a longer answer is streamed as fast as the caller reads it',
  },
  streams: {
    value: 256,
    unit: 'streams',
    title: 'answers that one process streams at once',
    outcome: '503 with Retry-After',
  },
  stallMs: {
    value: 60_000,
    unit: 'ms',
    title: 'time in which a caller takes nothing of its answer',
    outcome: 'the connection is closed',
  },
  memoryMb: {
    value: 256,
    unit: 'MB',
    title: 'memory for all data that reads keep: compressed data sets, decoded rows, typed columns, summaries',
    outcome:
      'what was not read for the longest time is dropped; one data set larger than this is kept on top of it while it is read, a second one gets 503 with Retry-After',
    setting: 'READ_CACHE_MB',
  },
  idleMs: {
    value: 60_000,
    unit: 'ms',
    title: 'time after which data that nobody reads are dropped from memory (deleted and replaced data sets: 5 s)',
    outcome: 'the next read fetches them from the store again',
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
    title: 'searches (filters, `/data?search=`, first reads of a column) that one process runs at once',
    outcome: 'others wait',
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
    title: 'time a search waits for its turn',
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
    title: 'bytes of the records of a data set that `/genes`, `/get-keys`, `/meteorites/...` and `/turbidity...` read as a whole',
    outcome: '400; `/data` and the routes under `/v1/datasets` have no such limit',
  },
  atOnceBytes: {
    value: 4 * 1024 * 1024,
    unit: 'bytes',
    title: 'the same for `/degrees`, `/mars/...` and the routes of the ISS, which read them at once',
    outcome: '400',
  },
});
