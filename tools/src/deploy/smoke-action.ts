import type { Action } from './action.ts';
import { smokeRelease } from './smoke-release.ts';

/** The smoke job alone. */
export const smokeAction: Action = async ({ cluster, voice, timeoutMs, given }) => {
  await smokeRelease(cluster, { url: given.text('url'), timeoutMs, voice });
  return 0;
};
