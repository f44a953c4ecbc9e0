import { Failure, usageError } from '../system/failure.ts';
import { bold } from '../system/output.ts';
import type { Action } from './action.ts';
import { waitForRollout } from './rollout.ts';
import { requireService } from './services.ts';
import { smokeRelease } from './smoke-release.ts';

const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Changes the image of one service, waits for the rollout and runs the smoke test. Rolls back if one of them fails. */
export const upgrade: Action = async ({ cluster, helm, out, timeoutMs, args }) => {
  const example = './almanac deploy upgrade query --tag 1.3.0';
  const [tag, digest] = [args.text('tag'), args.text('digest')];
  const image = digest ?? tag;
  if (image === undefined) throw usageError(`missing --tag or --digest, e.g.  ${example}`);
  if (tag !== undefined && !TAG.test(tag)) throw usageError(`--tag ${tag}: must be at most 128 letters, digits, _ . and -`);
  if (digest !== undefined && !DIGEST.test(digest)) throw usageError(`--digest ${digest}: must be sha256: and 64 hexadecimal digits`);
  const before = await helm.release();
  const service = requireService(args.words[1], await cluster.workloads(), example);
  out.line(bold(`Upgrading ${service} of ${before.name} to ${image} (current revision: ${before.revision})`));
  await helm.upgradeImage(service, { tag, digest }, args.text('chart'));
  try {
    await waitForRollout(cluster, { out, timeoutMs, only: [service] });
    if (!args.has('no-smoke')) await smokeRelease(cluster, { url: args.text('url'), timeoutMs, out });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    out.line(error.message);
    out.line(`rolling back to revision ${before.revision}`);
    await helm.rollback(before.revision);
    await waitForRollout(cluster, { out, timeoutMs });
    throw new Failure(
      `${service} was not upgraded to ${image}: ${error.message}\nThe release was rolled back to revision ${before.revision}.`,
    );
  }
  out.line(`${service} runs ${image}: revision ${(await helm.release()).revision} of ${before.name}`);
  return 0;
};
