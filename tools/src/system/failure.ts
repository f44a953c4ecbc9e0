/** What a person can put right: shown as a message without a stack, ends with `exitCode` (1: it did not work, 2: wrongly asked). */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'Failure';
    this.exitCode = exitCode;
  }
}

/** A command line that makes no sense. */
export const usageError = (message: string) => new Failure(message, 2);
