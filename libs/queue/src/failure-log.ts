import type { QueueLogger } from './queue-logger.ts';
import type { SettlingConnection } from './settling-connection.ts';
import { LostReply } from './watchdog.ts';

/** Logs why calls on a connection fail: a line for each new reason, not for each try. */
export class FailureLog {
  readonly #logger: QueueLogger;
  readonly #reasons = new Map<SettlingConnection, string>();

  constructor(logger: QueueLogger) {
    this.#logger = logger;
  }

  report(connection: SettlingConnection, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason === this.#reasons.get(connection) || error instanceof LostReply) return;
    this.#reasons.set(connection, reason);
    this.#logger.warn({ err: error }, 'queue command failed; retrying');
  }

  /** A call succeeded: the next failure is logged again. */
  clear(connection: SettlingConnection): void {
    this.#reasons.delete(connection);
  }
}
