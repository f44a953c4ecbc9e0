import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../system/places.ts';
import { helmPath } from './find-helm.ts';
import { type KubeObject, parseObjects } from './objects.ts';

export const chart = join(root, 'helm/almanac');
export const kubeVersions = ['1.28.0', '1.34.0'] as const;

/** One way to install: values files in their order, and what helm must be told of the cluster. */
export interface Installation {
  name: string;
  files: readonly string[];
  args: readonly string[];
}

/** Every ci/<name>-values.yaml, upon values-<name>.yaml where there is one. */
export const installations: readonly Installation[] = readdirSync(join(chart, 'ci')).map((file) => {
  const name = file.replace(/-values\.yaml$/, '');
  const base = `values-${name}.yaml`;
  return {
    name,
    files: [...(existsSync(join(chart, base)) ? [base] : []), `ci/${file}`],
    args: name === 'keda' ? ['--api-versions', 'keda.sh/v1alpha1'] : [],
  };
});

export const installation = (name: string): Installation => installations.find((one) => one.name === name) as Installation;

export interface RenderOptions {
  kubeVersion?: string;
  release?: string;
  set?: readonly string[];
}

/** What helm says: its output, or its error. */
export function helm(...args: readonly string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(helmPath() as string, args, { cwd: chart, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return { ok: status === 0, output: status === 0 ? stdout : `${stdout}${stderr}` };
}

const wordsOf = ({ files, args }: Installation, { kubeVersion = kubeVersions[1], set = [] }: RenderOptions) => [
  ...files.flatMap((file) => ['-f', file]),
  ...['--kube-version', kubeVersion, ...args],
  ...set.flatMap((pair) => ['--set', pair]),
];

export const template = (of: Installation, options: RenderOptions = {}) =>
  helm('template', options.release ?? 'x', '.', ...wordsOf(of, options));

/** The objects an installation consists of. Throws helm's own words. */
export function render(of: Installation, options: RenderOptions = {}): KubeObject[] {
  const { ok, output } = template(of, options);
  if (!ok) throw new Error(output);
  return parseObjects(output);
}

export const lint = ({ files }: Installation) =>
  helm('lint', '--strict', '.', '--kube-version', kubeVersions[1], ...files.flatMap((file) => ['-f', file]));
