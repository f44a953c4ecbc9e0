import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Output } from '../system/output.ts';
import { places, root } from '../system/places.ts';

/** What the supervisor in the background tells the command that started it. */
type Message = { line: string } | { progress: string } | { ready: true };

/** Set for the process in the background; its value is of no matter. */
const MARK = 'ALMANAC_BACKGROUND';
export const isInBackground = (): boolean => process.env[MARK] !== undefined && process.send !== undefined;

/** Starts the same command in the background and repeats what it says. Returns when it is ready (0) or ended before that (its exit code). */
export function startInBackground(args: readonly string[], out: Output): Promise<number> {
  mkdirSync(places.logs(), { recursive: true });
  const logFile = join(places.logs(), 'up.log');
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, [join(root, 'tools/src/main.ts'), ...args], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, [MARK]: '1' },
  });
  closeSync(log);
  // Ctrl-C while it starts means the thing that starts, not only the one that watches.
  const forward = () => child.kill('SIGINT');
  process.on('SIGINT', forward);
  return new Promise((resolve) => {
    const end = (code: number) => {
      process.off('SIGINT', forward);
      child.unref();
      if (child.connected) child.disconnect();
      resolve(code);
    };
    child.on('message', (message: Message) => {
      if ('line' in message) out.line(message.line);
      else if ('progress' in message) out.progress(message.progress);
      else end(0);
    });
    child.once('exit', (code) => {
      // What it did not say through its voice: why it refused to start, or a fault of its own.
      if (code !== 0) process.stderr.write(readFileSync(logFile));
      end(code ?? 1);
    });
  });
}

/** The voice of the process in the background: speaks through the one in front while that listens. */
export const backgroundOutput: Output = {
  line: (text = '') => tell({ line: text }),
  progress: (text) => tell({ progress: text }),
};

export const tellReady = (): void => {
  tell({ ready: true });
};

function tell(message: Message): void {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
  else if ('line' in message) process.stdout.write(`${message.line}\n`);
}
