import type { Action } from './action.ts';
import { smokeRelease } from './smoke-release.ts';

/** Runs only the smoke test. */
export const smokeAction: Action = async ({ cluster, out, timeoutMs, args }) => {
  await smokeRelease(cluster, { url: args.text('url'), timeoutMs, out });
  return 0;
};
