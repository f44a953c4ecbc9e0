import type { Options, ParsedArgs } from '../system/options.ts';

/** Where a release is. */
export interface Place {
  release: string;
  /** undefined: the context's own, else `default` */
  namespace: string | undefined;
  kubeconfig: string | undefined;
  context: string | undefined;
}

export const placeOptions = {
  release: { value: 'NAME', help: 'the helm release (almanac)' },
  namespace: { value: 'NAME', short: 'n', help: "its namespace (the context's)" },
  kubeconfig: { value: 'FILE', help: 'how the cluster is reached (KUBECONFIG, else ~/.kube/config)' },
  context: { value: 'NAME', help: 'of the kubeconfig (its current one)' },
} satisfies Options;

export const deployOptions = {
  ...placeOptions,
  tag: { value: 'TAG', help: 'upgrade: the image tag the service is to run' },
  digest: { value: 'DIGEST', help: 'upgrade: the digest of the image, sha256:..., as images push prints it; it wins over --tag' },
  to: { value: 'REVISION', help: 'rollback: the revision of the release to go back to (what ran before)' },
  timeout: { value: 'TIME', help: 'how long it may take, e.g. 90s or 5m (5m)' },
  chart: { value: 'FOLDER', help: 'the chart (helm/almanac of this checkout)' },
  url: { value: 'URL', help: 'the public door, for the smoke job (through the Kubernetes API when left out)' },
  'no-smoke': { help: 'upgrade and rollback: ready is enough, run no smoke job' },
} satisfies Options;

export const placeOf = (args: ParsedArgs): Place => ({
  release: args.text('release') ?? 'almanac',
  namespace: args.text('namespace'),
  kubeconfig: args.text('kubeconfig'),
  context: args.text('context'),
});
