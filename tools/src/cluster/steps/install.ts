import { setTimeout as sleep } from 'node:timers/promises';
import { startUpSeconds } from '../../deploy/start-up.ts';
import { resources } from '../resources.ts';
import type { Step } from '../step.ts';

/** For the nodes to have measured what is idle. */
const SETTLE_MS = 25_000;

export const install: Step = {
  name: 'install',
  title: 'helm install with test values as that account, helm test, the smoke job',
  needs: 'account',
  run: async (bench) => {
    const { cluster, settings } = bench;
    const wrong: string[] = [];
    // An earlier run may have left a release, and data that would be taken over.
    await bench.uninstall();
    await bench.deleteData();
    const secondsToReady = await bench.timed('helm install until ready', () => bench.install());
    const startUp = Object.entries(await startUpSeconds(cluster)).map(([service, seconds]) => [`startUpSeconds.${service}`, seconds]);
    await bench.door();
    await bench
      .timed('helm test', async () => (await bench.helm()).run(['test', settings.release, '--timeout', '4m']))
      .catch((error: Error) => wrong.push(error.message));
    await sleep(SETTLE_MS);
    const idle = await resources(bench, 'idle');
    return { figures: { secondsToReady: Math.round(secondsToReady * 10) / 10, ...Object.fromEntries(startUp), ...idle }, wrong };
  },
};
