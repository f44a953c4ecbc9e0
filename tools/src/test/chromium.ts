import type { Output } from '../system/output.ts';
import { findProgram, run } from '../system/run.ts';

/** The browser tests use Debian's chromium: installed when missing, where that needs no password. Without it they are skipped, and say so. */
export async function bringChromium(out: Output): Promise<void> {
  const hasOne = process.env.CHROMIUM !== undefined || ['chromium', 'google-chrome'].some((name) => findProgram(name) !== undefined);
  if (hasOne || findProgram('apt-get') === undefined || process.getuid?.() !== 0) return;
  out.line('No chromium here: installing it with apt-get for the browser tests (about 100 MB, once)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', 'chromium'], env);
  if ((await install()).ok) return;
  await run('apt-get', ['update', '-q'], env);
  const { ok, output } = await install();
  if (!ok) out.line(`chromium could not be installed: ${output.split('\n').at(-1)}`);
}
