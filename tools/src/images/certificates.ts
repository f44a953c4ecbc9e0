import { existsSync } from 'node:fs';
import { run } from '../system/run.ts';

/** Returns the certificate bundle that npm uses on this machine, if any: behind such a proxy, the build needs it too. */
export async function caFile(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const named = env.NODE_EXTRA_CA_CERTS || (await run('npm', ['config', 'get', 'cafile'])).output;
  return named !== '' && existsSync(named) ? named : undefined;
}
