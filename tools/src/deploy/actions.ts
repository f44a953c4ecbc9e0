import { usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import type { ParsedArgs } from '../system/options.ts';
import { StreamOutput } from '../system/output.ts';
import { readTime } from '../system/read-time.ts';
import type { Action } from './action.ts';
import { Cluster } from './cluster.ts';
import { Helm } from './helm.ts';
import { placeOf } from './options.ts';
import { rollback } from './rollback.ts';
import { smokeAction } from './smoke-action.ts';
import { status } from './status.ts';
import { upgrade } from './upgrade.ts';
import { wait } from './wait.ts';

const actions: Readonly<Record<string, Action>> = { status, upgrade, rollback, wait, smoke: smokeAction };
const names = Object.keys(actions);

export async function deploy(args: ParsedArgs): Promise<number> {
  const [name = ''] = args.words;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) throw usageError(`unknown action '${name}': must be one of ${names.join(', ')}${didYouMean(name, names)}`);
  const timeoutMs = readTime('timeout', args.text('timeout') ?? '5m');
  const place = placeOf(args);
  const cluster = new Cluster(place);
  // helm and the client must use the same namespace, even if only the kubeconfig names it.
  const helm = await Helm.find({ ...place, namespace: cluster.namespace });
  return await action({ cluster, helm, out: new StreamOutput(), timeoutMs, args });
}
