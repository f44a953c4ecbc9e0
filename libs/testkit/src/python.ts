import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Python with packages of a test's own. */
export interface Python {
  /** What came of `python3 <args>`; its output and its errors together where it failed, so that a message can show them. */
  run(args: readonly string[], options?: { cwd?: string; env?: Record<string, string> }): { status: number | null; output: string };
  /** what makes a python3 of one's own find the packages */
  environment: Record<string, string>;
  /** The same beside what goes on here, for a script that talks with us. */
  start(args: readonly string[], cwd?: string): Promise<{ status: number | null; output: string }>;
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
    environment: ours,
    run: (args, { cwd, env } = {}) => {
      const { status, stdout, stderr } = spawnSync('python3', args, { cwd, env: { ...process.env, ...ours, ...env }, encoding: 'utf8' });
      return { status, output: status === 0 ? stdout : `${stdout}${stderr}` };
    },
    start: (args, cwd) =>
      new Promise((resolve, reject) => {
        const child = spawn('python3', args, { cwd, env: { ...process.env, ...ours } });
        const [stdout, stderr]: [string[], string[]] = [[], []];
        child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
        child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
        child.once('error', reject);
        child.once('close', (status) => resolve({ status, output: [...stdout, ...(status === 0 ? [] : stderr)].join('') }));
      }),
    end,
  };
}
