import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findGoTool, helm } from '../system/go-tool.ts';
import { root } from '../system/places.ts';
import { type KubeObject, parseObjects } from './objects.ts';

export const chart = join(root, 'helm/almanac');
export const kubeVersions = ['1.28.0', '1.34.0'] as const;

/** One way to install: values files in their order, and arguments of helm that describe the cluster. */
export interface Installation {
  name: string;
  files: readonly string[];
  args: readonly string[];
}

/** API groups that an installation needs in addition to those of Kubernetes. */
const apis: Readonly<Record<string, string>> = { keda: 'keda.sh/v1alpha1', 'gateway-api': 'gateway.networking.k8s.io/v1' };

/** Every ci/<name>-values.yaml, on top of values-<name>.yaml if it exists. */
export const installations: readonly Installation[] = readdirSync(join(chart, 'ci')).map((file) => {
  const name = file.replace(/-values\.yaml$/, '');
  const base = `values-${name}.yaml`;
  return {
    name,
    files: [...(existsSync(join(chart, base)) ? [base] : []), `ci/${file}`],
    args: apis[name] === undefined ? [] : ['--api-versions', apis[name]],
  };
});

export const installation = (name: string): Installation => installations.find((one) => one.name === name) as Installation;

export interface RenderOptions {
  kubeVersion?: string;
  release?: string;
  set?: readonly string[];
}

export interface HelmOutput {
  ok: boolean;
  output: string;
}

/** Runs helm. Returns its output, or its error. */
function runHelm(...args: readonly string[]): HelmOutput {
  const { status, stdout, stderr } = spawnSync(findGoTool(helm) as string, args, { cwd: chart, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return { ok: status === 0, output: status === 0 ? stdout : `${stdout}${stderr}` };
}

const wordsOf = ({ files, args }: Installation, { kubeVersion = kubeVersions[1], set = [] }: RenderOptions) => [
  ...files.flatMap((file) => ['-f', file]),
  ...['--kube-version', kubeVersion, ...args],
  ...set.flatMap((pair) => ['--set', pair]),
];

const templates = new Map<string, HelmOutput>();

/** Returns the output of `helm template`, cached: the same arguments give the same objects, except generated passwords. */
export function template(of: Installation, options: RenderOptions = {}): HelmOutput {
  const words = [options.release ?? 'x', '.', ...wordsOf(of, options)];
  const known = templates.get(words.join(' ')) ?? runHelm('template', ...words);
  templates.set(words.join(' '), known);
  return known;
}

/** Returns the objects of an installation. Throws the error of helm. */
export function render(of: Installation, options: RenderOptions = {}): KubeObject[] {
  const { ok, output } = template(of, options);
  if (!ok) throw new Error(output);
  return parseObjects(output);
}

export const lint = ({ files }: Installation) =>
  runHelm('lint', '--strict', '.', '--kube-version', kubeVersions[1], ...files.flatMap((file) => ['-f', file]));
