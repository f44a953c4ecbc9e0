import { Failure, usageError } from '../system/failure.ts';
import { bold } from '../system/output.ts';
import type { Action } from './action.ts';
import type { Revision } from './helm.ts';
import { waitForRollout } from './rollout.ts';
import { demandService } from './services.ts';
import { smokeRelease } from './smoke-release.ts';

/** The release back to an earlier revision. A service may be named to say what is meant; helm goes back with all of the release. */
export const rollback: Action = async ({ cluster, helm, out, timeoutMs, args }) => {
  const before = await helm.release();
  const target = args.integer('to', 1, 1_000_000) ?? revisionBefore(await helm.history(), before.revision);
  if (target === undefined)
    throw new Failure(
      `Before revision ${before.revision} of ${before.name} nothing else ran that was not taken back. Name a revision of  helm history ${before.name}  by --to`,
    );
  if (target === before.revision) throw usageError(`--to ${target}: that is the revision ${before.name} is at`);
  const word = args.words[1];
  if (word !== undefined && word !== before.name) demandService(word, await cluster.workloads(), './almanac deploy rollback query');
  out.line(bold(`${before.name} back from revision ${before.revision} to ${target}`));
  await helm.rollback(target);
  await waitForRollout(cluster, { out, timeoutMs });
  if (!args.has('no-smoke')) await smokeRelease(cluster, { url: args.text('url'), timeoutMs, out });
  out.line(`${before.name} is as in revision ${target}; this is revision ${(await helm.release()).revision}`);
  return 0;
};

/** What ran before what runs now. A revision that was rolled back from is passed over: helm writes the one returned to into a new one. */
export function revisionBefore(history: readonly Revision[], current: number): number | undefined {
  const origin = originOf(history, current);
  return history.findLast(({ revision, status }) => revision < origin && (status === 'superseded' || status === 'deployed'))?.revision;
}

/** The revision that a rollback, or a rollback to a rollback, is a copy of. */
function originOf(history: readonly Revision[], revision: number): number {
  const description = history.find((one) => one.revision === revision)?.description ?? '';
  const source = Number(/^Rollback to (\d+)$/.exec(description)?.[1]);
  return source < revision ? originOf(history, source) : revision;
}
