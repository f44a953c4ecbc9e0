import { join } from 'node:path';
import type { Output } from './output.ts';
import { root } from './places.ts';
import { findProgram, run } from './run.ts';

/** A program that is written in Go, and so can be built anywhere Go is. */
export interface GoTool {
  name: string;
  /** the variable that names it elsewhere */
  variable: string;
  module: string;
  /** how long the build takes, for who waits */
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

/** The one its variable names, else the one on the PATH, else the one that was built for this checkout. */
export const findGoTool = ({ name, variable }: GoTool, env: NodeJS.ProcessEnv = process.env, checkout = root): string | undefined =>
  env[variable] || (findProgram(name, env.PATH) ?? findProgram(name, own(checkout)));

/** Without it, what needs it is skipped, and says this. */
export const missing = ({ name, variable, module }: GoTool): string =>
  `there is no ${name}: put it on the PATH, name it in ${variable}, or  go install ${module}`;

/** Builds it for this checkout, where it is nowhere and Go is. */
export async function bringGoTool(tool: GoTool, out: Output, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (findGoTool(tool, env) !== undefined || !(await hasGo())) return;
  out.line(`No ${tool.name} here: building ${tool.module} with Go for the tests (${tool.takes})`);
  const settings = { ...env, CGO_ENABLED: '0', GOBIN: own(root), GOFLAGS: '' };
  const { ok, output } = await run('go', ['install', '-trimpath', '-ldflags', '-s -w', tool.module], settings);
  if (!ok) out.line(`${tool.name} could not be built: ${output.split('\n').at(-1)}`);
}

async function hasGo(): Promise<boolean> {
  const { ok, output } = await run('go', ['version']);
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(output) ?? [];
  return ok && (Number(major) > LEAST[0] || Number(minor) >= LEAST[1]);
}
