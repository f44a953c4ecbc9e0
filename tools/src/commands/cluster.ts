import { clusterOptions, settingsOf, stepNames } from '../cluster/options.ts';
import type { Command } from '../command.ts';
import { usageError } from '../system/failure.ts';
import { StreamOutput } from '../system/output.ts';

export const clusterCommand: Command = {
  name: 'cluster',
  summary: 'proves in any Kubernetes cluster that upgrades, deaths and restores lose nothing: cluster test',
  usage: 'test --kubeconfig FILE --registry REGISTRY/OWNER --tag A --tag2 B',
  words: 1,
  options: clusterOptions,
  more: [
    'Makes a namespace with the restricted pod security profile, a quota and an account with infra/kubernetes/deployer-role.yaml, installs the',
    'chart as that account, and puts a constant load on the public door: kept and new connections, reads, jobs and small data sets, nothing',
    'tried again. Meanwhile every service is upgraded, rolled back, deleted and killed, the store too; then backup, restore, prod values, and',
    'a control without a drain that must fail. Every job that was taken on has to complete.',
    `Steps: ${stepNames.join(', ')}.`,
    '',
    'The cluster needs the images (./almanac images push), a StorageClass (or --local-volumes), and a node that is reached from here.',
    'A pod is killed with -9 where its node is this machine and the caller may; elsewhere it is deleted without grace.',
    'Exit code 0 when all steps passed.',
  ].join('\n'),
  run: async (args) => {
    if (args.words[0] !== 'test') throw usageError(`cluster ${args.words[0] ?? ''}: say  ./almanac cluster test --kubeconfig FILE`);
    return await (await import('../cluster/run.ts')).runClusterTest(settingsOf(args), new StreamOutput());
  },
};
