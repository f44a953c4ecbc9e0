import type { Command } from '../command.ts';
import { StreamOutput } from '../system/output.ts';
import { backgroundOutput, isInBackground, startInBackground, tellReady } from '../up/background.ts';
import { untilStopped } from '../up/signals.ts';
import { up } from '../up/up.ts';
import { type UpSettings, upOptions, upSettings } from '../up/up-options.ts';

export const upCommand: Command = {
  name: 'up',
  needsPackages: true,
  summary: 'starts everything: the store and the five services, with sample data sets',
  usage: '[options]',
  options: upOptions,
  more: 'Stays in front with one log stream; Ctrl-C ends all in order. A second `up` says what runs. Installs a store where there is none.',
  run: async (args) => start(upSettings(args)),
};

/** Starts in front, or in the background for --detach. */
export async function start(settings: UpSettings): Promise<number> {
  const out = new StreamOutput(settings.isJson ? process.stderr : process.stdout);
  if (isInBackground()) return await up(settings, { out: backgroundOutput, stopped: untilStopped, onReady: tellReady });
  if (settings.isDetached) return await startInBackground(process.argv.slice(2), out);
  // A reader that went away (up | head) must not end the services in disorder.
  process.stdout.on('error', () => {});
  const log = settings.isJson ? (text: string) => void process.stdout.write(`${text}\n`) : (text: string) => out.line(text);
  return await up(settings, { out, log, stopped: untilStopped });
}
