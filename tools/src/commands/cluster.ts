import { join } from 'node:path';
import type { Command } from '../command.ts';
import { usageError } from '../system/failure.ts';
import type { Options } from '../system/options.ts';
import { root } from '../system/places.ts';
import { runNode } from '../system/run.ts';

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

export const clusterCommand: Command = {
  name: 'cluster',
  isForDevelopers: true,
  needsPackages: true,
  summary: 'proves in any Kubernetes cluster that upgrades, deaths and restores lose nothing: cluster test',
  usage: 'test --kubeconfig FILE --registry REGISTRY/OWNER --tag A --tag2 B',
  words: 1,
  options: clusterOptions,
  more: [
    'Makes a namespace with the restricted pod security profile, a quota and an account with infra/kubernetes/deployer-role.yaml, installs the',
    'chart as that account, and puts a constant load on the public door: kept and new connections, reads, jobs and small data sets, nothing',
    'tried again. Meanwhile every service is upgraded, rolled back, deleted and killed, the store too; then backup, restore, prod values, and',
    'a control without a drain that must fail. Every job that was taken on has to complete.',
    '',
    'The cluster needs the images (./almanac images push), a StorageClass (or --local-volumes), and a node that is reached from here.',
    'A pod is killed with -9 where its node is this machine and the caller may; elsewhere it is deleted without grace.',
    'Exit code 0 when all steps passed.',
  ].join('\n'),
  run: async (args) => {
    if (args.words[0] !== 'test') throw usageError(`cluster ${args.words[0] ?? ''}: say  ./almanac cluster test --kubeconfig FILE`);
    // The proof is a project of its own above this one: it is started, not imported.
    return await runNode([join(root, 'acceptance/cluster/src/main.ts'), ...process.argv.slice(3)]);
  },
};
