/** Number of the layout below, kept in every manifest. Readers accept it and the one before. */
export const LAYOUT = 1;

/** Ids of all data sets. An id without a live manifest is passed over, so adding it before the first commit is safe. */
export const LIST_KEY = 'ds:list';

/** The keys of one data set; `gen` names the generation whose chunks are meant. All lie in one cluster slot, `{id}`. */
export const dataKeys = (id: string, gen = '') => ({
  list: LIST_KEY,
  manifest: `ds:m:{${id}}`,
  log: `ds:l:{${id}}`,
  /** exists while the set is being loaded and requests wait for it; expires by itself */
  loading: `ds:i:{${id}}`,
  chunks: `ds:c:{${id}}:${gen}`,
  index: `ds:k:{${id}}:${gen}`,
  leaves: `ds:h:{${id}}:${gen}`,
  rejects: `ds:r:{${id}}:${gen}`,
});

/** The keys that live and die with one generation. */
export const generationKeys = (id: string, gen: string): string[] => {
  const { chunks, index, leaves, rejects } = dataKeys(id, gen);
  return [chunks, index, leaves, rejects];
};
