import type { Command } from '../command.ts';
import { deployOptions } from '../deploy/options.ts';

export const deployCommand: Command = {
  name: 'deploy',
  needsPackages: true,
  summary: 'Manages a release in a Kubernetes cluster: status, upgrade of one service, rollback, wait, smoke test',
  usage: 'status | upgrade SERVICE --tag TAG|--digest DIGEST | rollback [SERVICE] [--to REVISION] | wait | smoke',
  words: 2,
  options: deployOptions,
  more: [
    'status    shows what runs: image tag, ready and desired replicas, restarts, age, version',
    'upgrade   changes the image of one service: helm upgrade, waits until all its pods run the new image, then a smoke test through',
    '          the gateway (loads, reads, draws and deletes a data set of its own). If that fails: helm rollback, and exit code 1.',
    '          Errors of pods (an image that cannot be pulled, a crash) are shown as they occur.',
    'rollback  returns the release to the revision that ran before (skipping revisions that were rolled back), or to REVISION',
    'wait      waits until everything is ready',
    'smoke     runs only the smoke test',
    '',
    'Needs helm 3.14 or later (HELM, PATH or .almanac/bin) and only the cluster permissions in infra/kubernetes/deployer-role.yaml.',
    'The write token is read from ALMANAC_WRITE_TOKEN, or from the release.',
    'Exit codes: 0 done, 1 failed (a failed upgrade is rolled back; for status: something is not ready), 2 invalid usage.',
  ].join('\n'),
  // Imported here, because the Kubernetes client takes half a second to load.
  run: async (args) => await (await import('../deploy/actions.ts')).deploy(args),
};
