/** Edit distance (Damerau–Levenshtein, restricted), the usual measure of how far apart two spellings are. */
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

/** The candidate spelt most like `value`, or undefined when none is near enough to be meant. */
export function nearest(value: string, candidates: Iterable<string>): string | undefined {
  const wanted = value.trim().toLowerCase().slice(0, 64);
  let best: string | undefined;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    // "mass" means "mass (g)": a name that starts with what was typed is nearer than any misspelling.
    const distance = known.startsWith(wanted) && wanted !== '' ? 0.5 : editDistance(wanted, known.slice(0, 64));
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** " (did you mean 'x'?)" or, where nothing is near, " (there are: a, b, c)". Empty without candidates. */
export function hint(value: string, candidates: readonly string[], shown = 12): string {
  const near = nearest(value, candidates);
  if (near !== undefined) return ` (did you mean '${near}'?)`;
  if (candidates.length === 0) return '';
  return ` (there are: ${candidates.slice(0, shown).join(', ')}${candidates.length > shown ? `, and ${candidates.length - shown} more` : ''})`;
}
