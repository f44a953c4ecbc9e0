import { section } from './limit.ts';

/** What one load may bring, and what all loads of one ingest process may hold together. */
export const loadLimits = section({
  rowBytes: {
    value: 2 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of one row',
    outcome: '400; the load ends and the data set stays as it was',
  },
});
