import { cpus } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../system/failure.ts';
import type { Options, ParsedArgs } from '../system/options.ts';
import { home } from '../system/places.ts';
import { apps } from '../up/plan.ts';

export const clusterOptions = {
  kubeconfig: { value: 'FILE', help: "an administrator's kubeconfig (KUBECONFIG)" },
  context: { value: 'NAME', help: 'of the kubeconfig (its current one)' },
  registry: { value: 'REGISTRY/OWNER', help: 'where the cluster gets the images from (./almanac images push puts them there)' },
  tag: { value: 'TAG', help: 'the version that is installed (dev)' },
  tag2: { value: 'TAG', help: 'the version that services are upgraded to; it may be the same image (that of --tag with -b)' },
  set: { value: 'NAME=VALUE', many: true, help: 'a value of the chart for every install, e.g. redis.image.registry=...' },
  'set-string': { value: 'NAME=VALUE', many: true, help: 'the same as text, e.g. redis.image.tag=7' },
  'push-with': { value: 'OPTION,...', help: 'page: options of images push, e.g. insecure,base-from-debian' },
  only: { value: 'STEP,...', help: 'these steps alone; what they need is done first' },
  services: { value: 'NAME,...', help: 'upgrade and disturb these alone (all five)' },
  helm: { value: 'PATH', many: true, help: 'a helm to install with; several are tried one after another (the one of deploy)' },
  namespace: { value: 'NAME', short: 'n', help: 'made for the test and removed after it (almanac-test)' },
  door: { value: 'HOST', help: "a node's address, where its own cannot be reached from here" },
  'local-volumes': {
    value: 'FOLDER',
    help: 'makes volumes in this folder, for a cluster without a provisioner whose node is this machine',
  },
  seconds: { value: 'N', help: 'how long the load without a rollout lasts (30)' },
  'data-mb': { value: 'N', help: 'size of the data set that is backed up and restored, in MB (40)' },
  report: { value: 'FILE', help: 'every figure and every failed request (.almanac/cluster-test/report.json)' },
  keep: { help: 'leaves the namespace for a look afterwards' },
} satisfies Options;

/** In the order they run. Here, so that help can name them without loading them. */
export const stepNames = [
  'account',
  'install',
  'baseline',
  'upgrades',
  'bad-image',
  'kill',
  'store',
  'starve',
  'control',
  'backup',
  'values',
  'uids',
  'redis-tls',
  'page',
] as const;

/** What a run of the test was told. */
export interface Settings {
  kubeconfig: string | undefined;
  context: string | undefined;
  namespace: string;
  release: string;
  registry: string | undefined;
  tags: readonly [string, string];
  /** for helm: --set or --set-string, and what is set, in turn */
  set: readonly string[];
  only: readonly string[];
  services: readonly string[];
  helms: readonly string[];
  door: string | undefined;
  pushWith: string;
  localVolumes: string | undefined;
  baselineSeconds: number;
  dataMb: number;
  /** for the account's kubeconfig, the report */
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
  if (unknown !== undefined) throw usageError(`--services ${unknown}: there are ${apps.join(', ')}`);
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

/** The machine is part of every figure. */
export const machine = (): string => `${cpus().length} x ${cpus()[0]?.model ?? 'processor'}`;
