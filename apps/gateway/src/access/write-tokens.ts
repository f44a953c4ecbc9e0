import { hash, timingSafeEqual } from 'node:crypto';

/** A token as RFC 6750 lets it be written, or several between commas while one takes over from another. */
export const tokenList = '^[A-Za-z0-9._~+/-]+=*( *, *[A-Za-z0-9._~+/-]+=*)*$';

const digestOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** The tokens that open the door for what changes something. Only their digests are kept. */
export class WriteTokens {
  readonly #digests: readonly Buffer[];

  constructor(list: string) {
    this.#digests = list.split(',').map((token) => digestOf(token.trim()));
  }

  get size(): number {
    return this.#digests.length;
  }

  /** Which of them an `Authorization` header carries; -1: none. Every one is compared, so that the time says nothing about any. */
  find(authorization: string | undefined): number {
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return -1;
    const digest = digestOf(token);
    let found = -1;
    for (const [i, known] of this.#digests.entries()) if (timingSafeEqual(known, digest)) found = i;
    return found;
  }
}
