import { Failure } from './failure.ts';

/** Runs a program and sets its exit code. A Failure is shown as its message alone; any other error keeps its stack. */
export async function exitWith(run: () => Promise<number>): Promise<void> {
  // A reader that closed the pipe (./almanac help | head) is no failure: the command still does its work.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}
