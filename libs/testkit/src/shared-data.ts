import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Real data beside the checkout (never in it): ALMANAC_SHARED_DATA, else ../shared/data from the repository's root. */
const folder = process.env.ALMANAC_SHARED_DATA ?? join(import.meta.dirname, '../../../../shared/data');

/**
 * The path of a real data file, or a reason to skip the test: `const file = sharedData('x.csv'); test('..', { skip: file.skip }, ...)`.
 * A skip is printed with its reason and counted as skipped, never as passed.
 */
export function sharedData(name: string): { path: string; skip: string | false } {
  const path = join(folder, name);
  return { path, skip: existsSync(path) ? false : `real data file ${name} is not beside this checkout` };
}
