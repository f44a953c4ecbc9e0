import type { Command } from '../command.ts';
import { deployOptions } from '../deploy/options.ts';

export const deployCommand: Command = {
  name: 'deploy',
  needsPackages: true,
  summary: 'a release in a cluster: status, upgrade of one service, rollback, wait, smoke',
  usage: 'status | upgrade SERVICE --tag TAG|--digest DIGEST | rollback [SERVICE] [--to REVISION] | wait | smoke',
  words: 2,
  options: deployOptions,
  more: [
    'status    what runs: image tag, replicas ready and wanted, restarts, age, version',
    'upgrade   one service to another image: helm upgrade, watched until all its pods are of the new image, then a smoke job through',
    '          the gateway (loads, reads, draws, deletes a data set of its own). When that fails, helm rollback, and exit code 1.',
    '          Errors of pods (an image that cannot be pulled, a crash) are shown as they come.',
    'rollback  the release back to what ran before (what was taken back is passed over), or to REVISION',
    'wait      until everything is ready',
    'smoke     the smoke job alone',
    '',
    'Needs helm 3.14 or later (HELM, PATH or .almanac/bin) and, of the cluster, only what infra/kubernetes/deployer-role.yaml names.',
    "The write token is the release's own, or ALMANAC_WRITE_TOKEN.",
    'Exit codes: 0 done, 1 it did not work (an upgrade was taken back) or, for status, something is not ready, 2 the words make no sense.',
  ].join('\n'),
  // The Kubernetes client takes half a second to load: only who needs it waits.
  run: async (args) => await (await import('../deploy/actions.ts')).deploy(args),
};
