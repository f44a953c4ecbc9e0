import { existsSync } from 'node:fs';
import { run } from '../system/run.ts';

/** The bundle that this machine's npm trusts, where the environment or npm's configuration names one: behind such a proxy a build needs it too. */
export async function caFile(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const named = env.NODE_EXTRA_CA_CERTS || (await run('npm', ['config', 'get', 'cafile'])).output;
  return named !== '' && existsSync(named) ? named : undefined;
}
