import { hash, timingSafeEqual } from 'node:crypto';

/** A token in the syntax of RFC 6750, or several separated by commas, so that a new one can replace an old one. */
export const tokenList = '^[A-Za-z0-9._~+/-]+=*( *, *[A-Za-z0-9._~+/-]+=*)*$';

const digestOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** The tokens that allow write requests. Only their digests are kept. */
export class WriteTokens {
  readonly #digests: readonly Buffer[];

  constructor(list: string) {
    this.#digests = list.split(',').map((token) => digestOf(token.trim()));
  }

  get size(): number {
    return this.#digests.length;
  }

  /** The index of the token in an `Authorization` header; -1: not a known token. All are compared, so that the time reveals nothing. */
  find(authorization: string | undefined): number {
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return -1;
    const digest = digestOf(token);
    let found = -1;
    for (const [i, known] of this.#digests.entries()) if (timingSafeEqual(known, digest)) found = i;
    return found;
  }
}
