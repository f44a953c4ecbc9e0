import { Load } from './load.ts';
import type { LoadPlan } from './plan.ts';

// The process of the generator: the first message is its plan, the second is 'stop', the reply is the report.
let load: Load | undefined;
process.on('message', async (message: LoadPlan | 'stop') => {
  if (message !== 'stop') load = new Load(message);
  else if (load !== undefined) {
    const report = await load.stop();
    process.send?.(report, () => process.disconnect());
  }
});
// The parent has ended: stop the load.
process.once('disconnect', () => process.exit(0));
