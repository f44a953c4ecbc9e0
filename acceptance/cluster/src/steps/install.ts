import { setTimeout as sleep } from 'node:timers/promises';
import { startUpSeconds } from '../kubernetes/start-up.ts';
import { resources } from '../resources.ts';
import type { Step } from '../step.ts';

/** Time until the nodes have measured the idle pods. */
const SETTLE_MS = 25_000;

export const install: Step = {
  name: 'install',
  title: 'helm install with test values as the account, and helm test',
  needs: 'account',
  run: async (testbed) => {
    const { cluster, settings } = testbed;
    const wrong: string[] = [];
    // An earlier run may have left a release, and data that the new one would use.
    await testbed.uninstall();
    await testbed.deleteData();
    const secondsToReady = await testbed.timed('helm install until ready', () => testbed.install());
    const startUp = Object.entries(await startUpSeconds(cluster)).map(([service, seconds]) => [`startUpSeconds.${service}`, seconds]);
    await testbed.url();
    await testbed
      .timed('helm test', async () => (await testbed.helm()).run(['test', settings.release, '--timeout', '4m']))
      .catch((error: Error) => wrong.push(error.message));
    await sleep(SETTLE_MS);
    const idle = await resources(testbed, 'idle');
    return { figures: { secondsToReady: Math.round(secondsToReady * 10) / 10, ...Object.fromEntries(startUp), ...idle }, wrong };
  },
};
