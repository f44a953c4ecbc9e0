import { section } from './limit.ts';

/** What one answer of the query service may hold, and what all reads of one process may take together. */
export const readLimits = section({
  suggestionCandidates: {
    value: 200,
    unit: 'names',
    title: 'names that are compared with a misspelt one',
    outcome: 'the error names no suggestion from beyond them',
  },
});
