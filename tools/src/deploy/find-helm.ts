import { Failure } from '../system/failure.ts';
import { findGoTool, helm } from '../system/go-tool.ts';
import { root } from '../system/places.ts';
import { run } from '../system/run.ts';

/** `--reset-then-reuse-values` came with it. */
const LEAST = [3, 14] as const;

const howToGetIt = [
  'Get helm 3.14 or later (https://helm.sh/docs/intro/install), for example one of',
  '  brew install helm',
  '  go install helm.sh/helm/v3/cmd/helm@latest',
  'then put it on PATH, name it in HELM, or copy it to .almanac/bin/helm.',
].join('\n');

/** The helm to use: HELM, else the one on PATH, else .almanac/bin/helm. */
export async function findHelm(env: NodeJS.ProcessEnv = process.env, checkout = root): Promise<string> {
  const path = findGoTool(helm, env, checkout);
  if (path === undefined) throw new Failure(`There is no helm here. ${howToGetIt}`);
  await demandVersion(path, path === env.HELM ? ' (named by HELM)' : '');
  return path;
}

async function demandVersion(path: string, source: string): Promise<void> {
  const { ok, output } = await run(path, ['version', '--template', '{{.Version}}']);
  if (!ok) throw new Failure(`${path}${source} does not run: ${output}\n${howToGetIt}`);
  const [, major, minor] = /v?(\d+)\.(\d+)/.exec(output) ?? [];
  const isNewEnough = Number(major) > LEAST[0] || (Number(major) === LEAST[0] && Number(minor) >= LEAST[1]);
  if (!isNewEnough) throw new Failure(`${path}${source} is helm ${output}, which is too old. ${howToGetIt}`);
}
