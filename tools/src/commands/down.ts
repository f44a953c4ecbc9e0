import type { Command } from '../command.ts';
import { cleanLeftovers, running } from '../supervisor/state.ts';
import { StreamOutput } from '../system/output.ts';
import { endProcess } from '../system/processes.ts';

/** All stages together may take this long in order; a second signal would hurry them, SIGKILL would leave services behind. */
const GRACE_MS = 60_000;

export const downCommand: Command = {
  name: 'down',
  summary: 'ends what up started, in order; the data stay',
  run: async () => {
    const out = new StreamOutput();
    const state = running();
    if (state !== undefined) {
      out.progress(`stopping what answers at ${state.url}`);
      await endProcess(state.supervisor, GRACE_MS);
    }
    const left = await cleanLeftovers();
    if (left.length > 0) out.line(`Ended what a killed start left behind: ${left.join(', ')}`);
    else out.line(state === undefined ? 'Nothing runs in this checkout.' : 'Stopped. Nothing is left running.');
    return 0;
  },
};
