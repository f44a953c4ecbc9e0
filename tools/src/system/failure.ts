/** An error that the user can fix: shown as a message without a stack. Sets the exit code (1: failed, 2: invalid usage). */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'Failure';
    this.exitCode = exitCode;
  }
}

/** An invalid command line: exit code 2. */
export const usageError = (message: string) => new Failure(message, 2);
