import { Load } from './load.ts';
import type { LoadPlan } from './plan.ts';

// The generator's process: its plan comes as the first message, 'stop' as the second, and the report is its answer.
let load: Load | undefined;
process.on('message', async (message: LoadPlan | 'stop') => {
  if (message !== 'stop') load = new Load(message);
  else if (load !== undefined) {
    const report = await load.stop();
    process.send?.(report, () => process.disconnect());
  }
});
// Whoever started it is gone: nobody wants the load any more.
process.once('disconnect', () => process.exit(0));
