import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Output } from '../system/output.ts';
import { places, root } from '../system/places.ts';

/** A message from the supervisor in the background to the command that started it. */
type Message = { line: string } | { progress: string } | { ready: true };

/** Set for the process in the background, to any value. */
const MARK = 'ALMANAC_BACKGROUND';
export const isInBackground = (): boolean => process.env[MARK] !== undefined && process.send !== undefined;

/** Starts the same command in the background and prints its output. Returns 0 when it is ready, or its exit code if it ends before. */
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
  // Ctrl-C during the start must stop the background process too.
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
      // Its standard error is only in the log file.
      if (code !== 0) process.stderr.write(readFileSync(logFile));
      end(code ?? 1);
    });
  });
}

/** The output of the process in the background: printed by the foreground while that is connected. */
export const backgroundOutput: Output = {
  line: (text = '') => send({ line: text }),
  progress: (text) => send({ progress: text }),
};

export const reportReady = (): void => {
  send({ ready: true });
};

function send(message: Message): void {
  if (process.connected) process.send?.(message, undefined, {}, () => {});
  else if ('line' in message) process.stdout.write(`${message.line}\n`);
}
