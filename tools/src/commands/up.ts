import type { Command } from '../command.ts';
import { StreamOutput } from '../system/output.ts';
import { backgroundOutput, isInBackground, reportReady, startInBackground } from '../up/background.ts';
import { untilStopped } from '../up/signals.ts';
import { up } from '../up/up.ts';
import { type UpSettings, upOptions, upSettings } from '../up/up-options.ts';

export const upCommand: Command = {
  name: 'up',
  needsPackages: true,
  summary: 'Starts the store and the five services, with sample data sets',
  usage: '[options]',
  options: upOptions,
  more: 'Stays in the foreground and shows all logs; Ctrl-C stops everything in order. If Almanac already runs, `up` shows where. Installs a store if there is none.',
  run: async (args) => start(upSettings(args)),
};

/** Starts in the foreground, or in the background for --detach. */
export async function start(settings: UpSettings): Promise<number> {
  const out = new StreamOutput(settings.isJson ? process.stderr : process.stdout);
  if (isInBackground()) return await up(settings, { out: backgroundOutput, stopped: untilStopped, onReady: reportReady });
  if (settings.isDetached) return await startInBackground(process.argv.slice(2), out);
  // A closed pipe (up | head) must not stop the services out of order.
  process.stdout.on('error', () => {});
  const log = settings.isJson ? (text: string) => void process.stdout.write(`${text}\n`) : (text: string) => out.line(text);
  return await up(settings, { out, log, stopped: untilStopped });
}
