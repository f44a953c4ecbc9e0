import type { Action } from './action.ts';
import { smokeRelease } from './smoke-release.ts';

/** The smoke job alone. */
export const smokeAction: Action = async ({ cluster, voice, given }) => {
  await smokeRelease(cluster, given.text('url'), voice);
  return 0;
};
