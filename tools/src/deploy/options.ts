import type { Options, ParsedArgs } from '../system/options.ts';

/** Which release, in which cluster. */
export interface Place {
  release: string;
  /** undefined: the namespace of the context, or `default` */
  namespace: string | undefined;
  kubeconfig: string | undefined;
  context: string | undefined;
}

export const placeOptions = {
  release: { value: 'NAME', help: 'name of the helm release (almanac)' },
  namespace: { value: 'NAME', short: 'n', help: 'namespace of the release (the namespace of the context)' },
  kubeconfig: { value: 'FILE', help: 'kubeconfig of the cluster (KUBECONFIG, or ~/.kube/config)' },
  context: { value: 'NAME', help: 'context of the kubeconfig (the current one)' },
} satisfies Options;

export const deployOptions = {
  ...placeOptions,
  tag: { value: 'TAG', help: 'upgrade: the new image tag' },
  digest: { value: 'DIGEST', help: 'upgrade: the new image digest (sha256:...), as images push prints it; takes precedence over --tag' },
  to: { value: 'REVISION', help: 'rollback: the revision to return to (the one that ran before)' },
  timeout: { value: 'TIME', help: 'time limit, e.g. 90s or 5m (5m)' },
  chart: { value: 'FOLDER', help: 'folder of the chart (helm/almanac of this checkout)' },
  url: { value: 'URL', help: 'public URL of the gateway, for the smoke test (default: through the Kubernetes API)' },
  'no-smoke': { help: 'upgrade and rollback: skips the smoke test' },
} satisfies Options;

export const placeOf = (args: ParsedArgs): Place => ({
  release: args.text('release') ?? 'almanac',
  namespace: args.text('namespace'),
  kubeconfig: args.text('kubeconfig'),
  context: args.text('context'),
});
