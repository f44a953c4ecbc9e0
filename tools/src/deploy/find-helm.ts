import { Failure } from '../system/failure.ts';
import { findGoTool, helm } from '../system/go-tool.ts';
import { root } from '../system/places.ts';
import { run } from '../system/run.ts';

/** The first version with `--reset-then-reuse-values`. */
const LEAST = [3, 14] as const;

const howToGetIt = [
  'Install helm 3.14 or later (https://helm.sh/docs/intro/install), for example with one of',
  '  brew install helm',
  '  go install helm.sh/helm/v3/cmd/helm@latest',
  'then put it on PATH, set HELM to its path, or copy it to .almanac/bin/helm.',
].join('\n');

/** Returns the path of helm: HELM, else on PATH, else .almanac/bin/helm. Throws a Failure if it is missing or too old. */
export async function findHelm(env: NodeJS.ProcessEnv = process.env, checkout = root): Promise<string> {
  const path = findGoTool(helm, env, checkout);
  if (path === undefined) throw new Failure(`helm is not installed. ${howToGetIt}`);
  await requireVersion(path, path === env.HELM ? ' (from HELM)' : '');
  return path;
}

async function requireVersion(path: string, source: string): Promise<void> {
  const { ok, output } = await run(path, ['version', '--template', '{{.Version}}']);
  if (!ok) throw new Failure(`${path}${source} does not run: ${output}\n${howToGetIt}`);
  const [, major, minor] = /v?(\d+)\.(\d+)/.exec(output) ?? [];
  const isNewEnough = Number(major) > LEAST[0] || (Number(major) === LEAST[0] && Number(minor) >= LEAST[1]);
  if (!isNewEnough) throw new Failure(`${path}${source} is helm ${output}, which is too old. ${howToGetIt}`);
}
