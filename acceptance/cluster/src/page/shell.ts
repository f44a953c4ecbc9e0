import { spawn } from 'node:child_process';
import { root } from '@almanac/tools/system/places.ts';

export interface ShellOutcome {
  /** number of commands that exited with 0 */
  done: number;
  /** the last lines of the output of the first failed command */
  failure: string | undefined;
}

/** A mark for the start of a command in the output. */
const mark = (n: number) => `@@ command ${n} @@`;

/** One bash runs the commands in turn and ends at the first failure, so that variables and background jobs persist as for a reader. */
const scriptOf = (commands: readonly string[]): string =>
  [
    "trap 'kill $(jobs -p) 2>/dev/null' EXIT",
    'set -o pipefail',
    ...commands.map((command, n) => `echo '${mark(n)}'\n{ ${command}\n} || { echo "exit code $?"; exit 1; }`),
    `echo '${mark(commands.length)}'`,
  ].join('\n');

/** Runs commands in the checkout as a reader of a page does. `onCommand` is called before each. */
export async function runCommands(
  commands: readonly string[],
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
  onCommand: (command: string) => void,
): Promise<ShellOutcome> {
  let output = '';
  let begun = -1;
  const child = spawn('bash', ['-c', scriptOf(commands)], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (; output.includes(mark(begun + 1)); begun++) if (begun + 1 < commands.length) onCommand(commands[begun + 1] as string);
    });
  }
  await new Promise((resolve) => child.once('close', resolve));
  if (begun === commands.length) return { done: commands.length, failure: undefined };
  const last = output
    .slice(output.lastIndexOf(mark(begun)))
    .trim()
    .split('\n')
    .slice(1);
  return { done: Math.max(0, begun), failure: `${commands[begun]}\n${last.slice(-20).join('\n')}` };
}
