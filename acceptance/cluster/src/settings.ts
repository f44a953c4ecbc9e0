import { cpus } from 'node:os';
import { join } from 'node:path';
import { usageError } from '@almanac/tools/system/failure.ts';
import type { ParsedArgs } from '@almanac/tools/system/options.ts';
import { home } from '@almanac/tools/system/places.ts';
import { apps } from '@almanac/tools/up/plan.ts';

/** The settings of a run, from the command line. */
export interface Settings {
  kubeconfig: string | undefined;
  context: string | undefined;
  namespace: string;
  release: string;
  registry: string | undefined;
  tags: readonly [string, string];
  /** arguments of helm: --set or --set-string, each followed by a value */
  set: readonly string[];
  only: readonly string[];
  services: readonly string[];
  helms: readonly string[];
  door: string | undefined;
  pushWith: string;
  localVolumes: string | undefined;
  baselineSeconds: number;
  dataMb: number;
  /** folder for the kubeconfig of the account and the report */
  folder: string;
  report: string;
  isKept: boolean;
}

export function settingsOf(args: ParsedArgs): Settings {
  const tag = args.text('tag') ?? 'dev';
  const folder = join(home(), 'cluster-test');
  const list = (name: string) => args.text(name)?.split(',').filter(Boolean) ?? [];
  const services = list('services');
  const unknown = services.find((name) => !(apps as readonly string[]).includes(name));
  if (unknown !== undefined) throw usageError(`--services ${unknown}: must be one of ${apps.join(', ')}`);
  return {
    kubeconfig: args.text('kubeconfig') ?? process.env.KUBECONFIG,
    context: args.text('context'),
    namespace: args.text('namespace') ?? 'almanac-test',
    release: 'almanac',
    registry: args.text('registry'),
    tags: [tag, args.text('tag2') ?? `${tag}-b`],
    set: ['set', 'set-string'].flatMap((option) => args.all(option).flatMap((value) => [`--${option}`, value])),
    only: list('only'),
    services: services.length === 0 ? apps : services,
    helms: args.all('helm'),
    door: args.text('door'),
    pushWith: list('push-with')
      .map((option) => `--${option}`)
      .join(' '),
    localVolumes: args.text('local-volumes'),
    baselineSeconds: args.integer('seconds', 5, 3600) ?? 30,
    dataMb: args.integer('data-mb', 1, 500) ?? 40,
    folder,
    report: args.text('report') ?? join(folder, 'report.json'),
    isKept: args.has('keep'),
  };
}

/** Describes the processor, for the report. */
export const machine = (): string => `${cpus().length} x ${cpus()[0]?.model ?? 'processor'}`;
