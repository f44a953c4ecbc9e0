import { join } from 'node:path';
import { root } from '../system/places.ts';
import { findProgram, run } from '../system/run.ts';
import type { Voice } from '../system/say.ts';

const own = join(root, '.almanac/bin');
const GO = [1, 24] as const;
const HELM_MODULE = 'helm.sh/helm/v3/cmd/helm@v3.22.0';

/** HELM, else the one on the PATH, else the one that was built for this checkout. */
export const helmPath = (env: NodeJS.ProcessEnv = process.env): string | undefined =>
  env.HELM || findProgram('helm', env.PATH) || findProgram('helm', own);

/** Without helm, what needs it is skipped, and says so. */
export const noHelm = 'there is no helm: put helm 3.14 or later on the PATH, or name it in HELM';

/** The tests of the chart use helm: built once where Go is, some minutes on a small machine. */
export async function bringHelm(voice: Voice, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (helmPath(env) !== undefined || !(await hasGo())) return;
  voice.line(`No helm here: building ${HELM_MODULE} with Go for the tests of the chart (two to seven minutes, once)`);
  const settings = { ...env, CGO_ENABLED: '0', GOBIN: own, GOFLAGS: '' };
  const { ok, output } = await run('go', ['install', '-trimpath', '-ldflags', '-s -w', HELM_MODULE], settings);
  if (!ok) voice.line(`helm could not be built: ${output.split('\n').at(-1)}`);
}

async function hasGo(): Promise<boolean> {
  const { ok, output } = await run('go', ['version']);
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(output) ?? [];
  return ok && (Number(major) > GO[0] || Number(minor) >= GO[1]);
}
