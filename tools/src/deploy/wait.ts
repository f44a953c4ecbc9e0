import type { Action } from './action.ts';
import { waitForRollout } from './rollout.ts';

/** Until everything of the release is ready. */
export const wait: Action = async ({ cluster, helm, voice, timeoutMs }) => {
  await helm.release();
  await waitForRollout(cluster, { voice, timeoutMs });
  return 0;
};
