import { join } from 'node:path';
import type { Output } from './output.ts';
import { root } from './places.ts';
import { findProgram, run } from './run.ts';

/** A program written in Go: it can be built wherever Go is installed. */
export interface GoTool {
  name: string;
  /** the environment variable that holds its path */
  variable: string;
  module: string;
  /** how long the build takes, for the message */
  takes: string;
}

export const helm: GoTool = {
  name: 'helm',
  variable: 'HELM',
  module: 'helm.sh/helm/v3/cmd/helm@v3.22.0',
  takes: 'two to seven minutes, once',
};
export const actionlint: GoTool = {
  name: 'actionlint',
  variable: 'ACTIONLINT',
  module: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
  takes: 'half a minute, once',
};

const LEAST = [1, 24] as const;
const own = (checkout: string) => join(checkout, '.almanac/bin');

/** Returns the path of the tool: from its variable, the PATH, or this checkout's .almanac/bin. */
export const findGoTool = ({ name, variable }: GoTool, env: NodeJS.ProcessEnv = process.env, checkout = root): string | undefined =>
  env[variable] || (findProgram(name, env.PATH) ?? findProgram(name, own(checkout)));

/** The reason that tests which need it are skipped. */
export const missing = ({ name, variable, module }: GoTool): string =>
  `${name} is not installed: put it on the PATH, set ${variable}, or  go install ${module}`;

/** Builds it for this checkout if it is not installed and Go is. */
export async function bringGoTool(tool: GoTool, out: Output, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (findGoTool(tool, env) !== undefined || !(await hasGo())) return;
  out.line(`${tool.name} is not installed: building ${tool.module} with Go for the tests (${tool.takes})`);
  const settings = { ...env, CGO_ENABLED: '0', GOBIN: own(root), GOFLAGS: '' };
  const { ok, output } = await run('go', ['install', '-trimpath', '-ldflags', '-s -w', tool.module], settings);
  if (!ok) out.line(`${tool.name} could not be built: ${output.split('\n').at(-1)}`);
}

async function hasGo(): Promise<boolean> {
  const { ok, output } = await run('go', ['version']);
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(output) ?? [];
  return ok && (Number(major) > LEAST[0] || Number(minor) >= LEAST[1]);
}
