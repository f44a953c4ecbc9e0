import { join } from 'node:path';
import type { Command } from '../command.ts';
import { usageError } from '../system/failure.ts';
import type { Options } from '../system/options.ts';
import { root } from '../system/places.ts';
import { runNode } from '../system/run.ts';

export const clusterOptions = {
  kubeconfig: { value: 'FILE', help: 'kubeconfig of an administrator (KUBECONFIG)' },
  context: { value: 'NAME', help: 'context of the kubeconfig (the current one)' },
  registry: { value: 'REGISTRY/OWNER', help: 'where the cluster pulls the images from (./almanac images push puts them there)' },
  tag: { value: 'TAG', help: 'tag to install (dev)' },
  tag2: { value: 'TAG', help: 'tag to upgrade to; may be the same image (default: the value of --tag followed by -b)' },
  set: { value: 'NAME=VALUE', many: true, help: 'chart value for every install, e.g. redis.image.registry=...' },
  'set-string': { value: 'NAME=VALUE', many: true, help: 'chart value as a string, e.g. redis.image.tag=7' },
  'push-with': { value: 'OPTION,...', help: 'page: options for images push, e.g. insecure,base-from-debian' },
  only: { value: 'STEP,...', help: 'runs only these steps and what they need; an unknown name lists all steps' },
  services: { value: 'NAME,...', help: 'services to upgrade and disturb (all five)' },
  helm: { value: 'PATH', many: true, help: 'helm program to install with; may be repeated to test several (the one that deploy uses)' },
  namespace: { value: 'NAME', short: 'n', help: 'namespace to create for the test and remove after it (almanac-test)' },
  door: { value: 'HOST', help: 'address of a node, if its own address is unreachable from here' },
  'local-volumes': {
    value: 'FOLDER',
    help: 'creates volumes in this folder, for a cluster without a provisioner whose node is this machine',
  },
  seconds: { value: 'N', help: 'duration of the load without a rollout (30)' },
  'data-mb': { value: 'N', help: 'size in MB of the data set to back up and restore (40)' },
  report: { value: 'FILE', help: 'file for all measurements and failed requests (.almanac/cluster-test/report.json)' },
  keep: { help: 'keeps the namespace for inspection' },
} satisfies Options;

export const clusterCommand: Command = {
  name: 'cluster',
  isForDevelopers: true,
  needsPackages: true,
  summary: 'Proves in a Kubernetes cluster that upgrades, failures and restores lose nothing',
  usage: 'test --kubeconfig FILE --registry REGISTRY/OWNER --tag A --tag2 B',
  words: 1,
  options: clusterOptions,
  more: [
    'Creates a namespace with the restricted pod security profile, a quota and an account with the role infra/kubernetes/deployer-role.yaml.',
    'Installs the chart as that account and sends a constant load to the gateway: reads, jobs and small data sets, over kept and new',
    'connections, without retries. Under load it upgrades, rolls back, deletes and kills every service and the store. Then it tests backup,',
    'restore, the production values, and a negative control without draining, which must fail requests. Every accepted job must complete.',
    '',
    'The cluster needs the images (./almanac images push), a StorageClass (or --local-volumes), and a node that is reachable from here.',
    'A pod is killed with SIGKILL if its node is this machine and the caller is permitted to; otherwise it is deleted without a grace period.',
    'Exit code 0 if all steps passed.',
  ].join('\n'),
  run: async (args) => {
    if (args.words[0] !== 'test')
      throw usageError(`unknown action '${args.words[0] ?? ''}': must be 'test', e.g. ./almanac cluster test --kubeconfig FILE`);
    // The proof is a project of its own above this one: it is started, not imported.
    return await runNode([join(root, 'acceptance/cluster/src/main.ts'), ...process.argv.slice(3)]);
  },
};
