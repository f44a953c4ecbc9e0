import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Compares with the golden file beside the test. On a difference the new text is written beside it as `<name>-changed<ext>` to be
 * looked at, and the test fails. `UPDATE_GOLDEN=1` takes the new text over; a missing golden file fails too, unless updating.
 */
export function assertGolden(path: string, actual: string | Uint8Array): void {
  const bytes = typeof actual === 'string' ? Buffer.from(actual) : Buffer.from(actual);
  const changed = path.replace(/(\.\w+)$/, '-changed$1');
  if (process.env.UPDATE_GOLDEN === '1') {
    writeFileSync(path, bytes);
    rmSync(changed, { force: true });
    return;
  }
  if (existsSync(path) && readFileSync(path).equals(bytes)) {
    rmSync(changed, { force: true });
    return;
  }
  writeFileSync(changed, bytes);
  throw new Error(
    `${path} ${existsSync(path) ? 'differs' : 'does not exist'}; look at ${changed}, then run the test with UPDATE_GOLDEN=1 to accept it`,
  );
}
