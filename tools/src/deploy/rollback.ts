import { Failure, misuse } from '../system/failure.ts';
import { bold } from '../system/say.ts';
import type { Action } from './action.ts';
import { waitForRollout } from './rollout.ts';
import { demandService } from './services.ts';
import { smokeRelease } from './smoke-release.ts';

/** The release back to an earlier revision. A service may be named to say what is meant; helm goes back with all of the release. */
export const rollback: Action = async ({ cluster, helm, voice, timeoutMs, given }) => {
  const before = await helm.release();
  const target = given.integer('to', 1, 1_000_000) ?? before.revision - 1;
  if (target < 1) throw new Failure(`${before.name} is at its first revision: there is nothing to go back to`);
  if (target === before.revision) throw misuse(`--to ${target}: that is the revision ${before.name} is at`);
  const word = given.words[1];
  if (word !== undefined && word !== before.name) demandService(word, await cluster.workloads(), './almanac deploy rollback query');
  voice.line(bold(`${before.name} back from revision ${before.revision} to ${target}`));
  await helm.rollback(target);
  await waitForRollout(cluster, { voice, timeoutMs });
  if (!given.has('no-smoke')) await smokeRelease(cluster, given.text('url'), voice);
  voice.line(`${before.name} is as in revision ${target}; this is revision ${(await helm.release()).revision}`);
  return 0;
};
