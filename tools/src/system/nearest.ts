// By its path: the CLI runs in a checkout without node_modules, and this file imports no package.
import { nearest } from '../../../libs/domain/src/suggest.ts';

export { nearest };

/** Returns "; did you mean x?", or an empty string. */
export function didYouMean(word: string, candidates: readonly string[], prefix = ''): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `; did you mean ${prefix}${near}?`;
}
