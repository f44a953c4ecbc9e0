import { FairShare } from '@almanac/service';
import type { ProxiedRequest } from './proxied-request.ts';

/**
 * Bytes that the gateway holds for clients outside the connections to the services: small bodies that are read whole before they are
 * passed on, and small responses that are written whole but not read. Clients share a bound on them.
 */
export class HeldBytes {
  readonly #share: FairShare;

  constructor(bytes: number) {
    this.#share = new FairShare(bytes);
  }

  get bytes(): number {
    return this.#share.used;
  }

  /** Counts bytes of a request until its response has ended. Returns false, and counts nothing, if the client's share does not allow them. */
  take({ client, response }: ProxiedRequest, bytes: number): boolean {
    if (!this.#share.take(client, bytes)) return false;
    response.once('close', () => this.#share.release(client, bytes));
    return true;
  }
}
