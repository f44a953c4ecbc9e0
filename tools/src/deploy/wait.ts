import type { Action } from './action.ts';
import { waitForRollout } from './rollout.ts';

/** Waits until everything of the release is ready. */
export const wait: Action = async ({ cluster, helm, out, timeoutMs }) => {
  await helm.release();
  await waitForRollout(cluster, { out, timeoutMs });
  return 0;
};
