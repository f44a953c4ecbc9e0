import type { Call } from '../call.ts';
import { FairShare } from './fair-share.ts';

/**
 * Small answers that are written whole and whose clients do not read them: the operating system took no more, so the gateway holds the
 * bytes. Clients share a bound on these; a client that is over its share loses the connection that does not read.
 */
export class Unread {
  readonly #bytes: FairShare;

  constructor(bytes: number) {
    this.#bytes = new FairShare(bytes);
  }

  get bytes(): number {
    return this.#bytes.used;
  }

  /** Counts the answer's bytes until it is written or its connection is gone. Returns false if it closed the connection instead. */
  hold({ client, answer, request }: Call, bytes: number): boolean {
    if (!this.#bytes.take(client, bytes)) {
      request.socket.destroy();
      return false;
    }
    answer.once('close', () => this.#bytes.release(client, bytes));
    return true;
  }
}
