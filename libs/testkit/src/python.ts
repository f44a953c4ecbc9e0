import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Python with packages of a test's own. */
export interface Python {
  /** What came of `python3 <args>`; its output and its errors together where it failed, so that a message can show them. */
  run(args: readonly string[], options?: { cwd?: string; env?: Record<string, string> }): { status: number | null; output: string };
  end(): void;
}

/**
 * Python with packages, as pip names them, in a temporary folder: nothing of the machine's own is changed. Or why there is none, in words
 * for `t.skip`: this machine has no Python, no pip, or does not reach the packages.
 */
export function pythonWith(...packages: string[]): Python | { skip: string } {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-python-'));
  const end = () => rmSync(folder, { recursive: true, force: true });
  const pip = spawnSync('python3', ['-m', 'pip', 'install', '-q', '--target', folder, ...packages], { encoding: 'utf8' });
  if (pip.status !== 0) {
    end();
    const why = pip.error?.message ?? (pip.stderr.trim().split('\n').at(-1) || `pip ended with ${pip.status}`);
    return { skip: `${packages.join(' and ')} cannot be installed for Python here: ${why}` };
  }
  const ours = { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
  return {
    run: (args, { cwd, env } = {}) => {
      const { status, stdout, stderr } = spawnSync('python3', args, { cwd, env: { ...process.env, ...ours, ...env }, encoding: 'utf8' });
      return { status, output: status === 0 ? stdout : `${stdout}${stderr}` };
    },
    end,
  };
}
