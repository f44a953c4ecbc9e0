import type { Command } from '../command.ts';
import { cleanLeftovers, running } from '../supervisor/state.ts';
import { StreamOutput } from '../system/output.ts';
import { endProcess } from '../system/processes.ts';

/** The limit for an orderly stop of all stages. A second SIGTERM would skip the order; SIGKILL would leave services behind. */
const GRACE_MS = 60_000;

export const downCommand: Command = {
  name: 'down',
  summary: 'Stops what up started, in order; the data is kept',
  run: async () => {
    const out = new StreamOutput();
    const state = running();
    if (state !== undefined) {
      out.progress(`stopping Almanac at ${state.url}`);
      await endProcess(state.supervisor, GRACE_MS);
    }
    const left = await cleanLeftovers();
    if (left.length > 0) out.line(`Stopped processes that a killed supervisor left behind: ${left.join(', ')}`);
    else out.line(state === undefined ? 'Nothing runs in this checkout.' : 'Stopped.');
    return 0;
  },
};
