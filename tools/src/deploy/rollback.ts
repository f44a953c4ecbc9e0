import { Failure, usageError } from '../system/failure.ts';
import { bold } from '../system/output.ts';
import type { Action } from './action.ts';
import type { Revision } from './helm.ts';
import { waitForRollout } from './rollout.ts';
import { requireService } from './services.ts';
import { smokeRelease } from './smoke-release.ts';

/** Returns the release to an earlier revision. A service may be named, but helm rolls back the whole release. */
export const rollback: Action = async ({ cluster, helm, out, timeoutMs, args }) => {
  const before = await helm.release();
  const target = args.integer('to', 1, 1_000_000) ?? revisionBefore(await helm.history(), before.revision);
  if (target === undefined)
    throw new Failure(
      `There is no earlier revision of ${before.name} that was not rolled back. Set --to to a revision of  helm history ${before.name}`,
    );
  if (target === before.revision) throw usageError(`--to ${target}: is the current revision of ${before.name}`);
  const word = args.words[1];
  if (word !== undefined && word !== before.name) requireService(word, await cluster.workloads(), './almanac deploy rollback query');
  out.line(bold(`Rolling ${before.name} back from revision ${before.revision} to ${target}`));
  await helm.rollback(target);
  await waitForRollout(cluster, { out, timeoutMs });
  if (!args.has('no-smoke')) await smokeRelease(cluster, { url: args.text('url'), timeoutMs, out });
  out.line(`${before.name} is rolled back to revision ${target}, as revision ${(await helm.release()).revision}`);
  return 0;
};

/** Returns the revision that ran before. Skips revisions that were rolled back: helm copies the one it returns to into a new revision. */
export function revisionBefore(history: readonly Revision[], current: number): number | undefined {
  const origin = originOf(history, current);
  return history.findLast(({ revision, status }) => revision < origin && (status === 'superseded' || status === 'deployed'))?.revision;
}

/** Returns the revision that a rollback (or a rollback to a rollback) copied. */
function originOf(history: readonly Revision[], revision: number): number {
  const description = history.find((one) => one.revision === revision)?.description ?? '';
  const source = Number(/^Rollback to (\d+)$/.exec(description)?.[1]);
  return source < revision ? originOf(history, source) : revision;
}
