// Imports no package, because the CLI reads this file in a checkout without node_modules.
import { readLimits } from './limits/reads.ts';

const MOST = readLimits.suggestionCandidates.value;
const COMPARED = readLimits.suggestionCharacters.value;
/** Characters of a name that a message shows. */
const SHOWN = 80;

/** Edit distance (Damerau–Levenshtein, restricted). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, at(before, j - 2) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: number[], i: number): number => row[i] as number;

/** The candidate with the spelling nearest to `value`; undefined if none is near. Compares the first 200 candidates. */
export function nearest(value: string, candidates: Iterable<string>): string | undefined {
  const wanted = value
    .slice(0, 2 * COMPARED)
    .trim()
    .toLowerCase()
    .slice(0, COMPARED);
  let best: string | undefined;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  let count = 0;
  for (const candidate of candidates) {
    if (++count > MOST) break;
    const known = candidate.slice(0, COMPARED).toLowerCase();
    const distance = distanceOf(wanted, known, least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** The distance of a name from what was typed; `least` or more means only that it is not nearer. */
function distanceOf(wanted: string, known: string, least: number): number {
  // "mass" means "mass (g)": a name that starts with what was typed is nearer than any other.
  if (wanted !== '' && known.startsWith(wanted)) return 0.5;
  // Each letter too many or too few is one edit, so most names need no comparison letter by letter.
  if (Math.abs(wanted.length - known.length) >= least) return least;
  return editDistance(wanted, known);
}

const clipped = (name: string): string => (name.length > SHOWN ? `${name.slice(0, SHOWN - 3)}...` : name);

/** " (did you mean 'x'?)" or, if no name is near, " (there are: a, b, c)". Empty without candidates. Long names are cut. */
export function hint(value: string, candidates: readonly string[], shown = 12): string {
  const near = nearest(value, candidates);
  if (near !== undefined) return ` (did you mean '${clipped(near)}'?)`;
  if (candidates.length === 0) return '';
  const more = candidates.length > shown ? `, and ${candidates.length - shown} more` : '';
  return ` (there are: ${candidates.slice(0, shown).map(clipped).join(', ')}${more})`;
}
