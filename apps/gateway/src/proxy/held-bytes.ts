import { FairShare } from '@almanac/service';
import type { ProxiedRequest } from './proxied-request.ts';

/**
 * The bytes that the gateway buffers for clients: small bodies that are read before they are forwarded, and small responses that are
 * written but not read. Clients share the limit fairly.
 */
export class HeldBytes {
  readonly #share: FairShare;

  constructor(bytes: number) {
    this.#share = new FairShare(bytes);
  }

  get bytes(): number {
    return this.#share.used;
  }

  /** Counts bytes of a request until its response ends. Returns false, and counts nothing, if the client's share is used up. */
  take({ client, response }: ProxiedRequest, bytes: number): boolean {
    if (!this.#share.take(client, bytes)) return false;
    response.once('close', () => this.#share.release(client, bytes));
    return true;
  }
}
