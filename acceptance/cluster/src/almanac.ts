import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@almanac/tools/system/places.ts';
import type { Testbed } from './testbed.ts';

/** Runs `./almanac deploy ...` in its own process, as a user does, with the kubeconfig of the account. */
export async function deployCommand(testbed: Testbed, ...words: string[]): Promise<{ code: number; output: string; seconds: number }> {
  const { release, namespace } = testbed.settings;
  const where = ['--release', release, '--namespace', namespace, '--kubeconfig', testbed.accountFile];
  const env = { ...process.env, HELM: await testbed.helmProgram() };
  const start = performance.now();
  return await new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'tools/src/main.ts'), 'deploy', ...words, ...where], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, output: `${stdout}${stderr}`.trim(), seconds: (performance.now() - start) / 1000 });
    });
  });
}
