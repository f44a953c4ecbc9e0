/**
 * Places that clients share. A client may hold as many as are still free for everyone, so one client gets at most half of them, two
 * greedy clients a third each, and there is always a place left for the next client. The bound needs no list of clients and no estimate
 * of how many there are: a whole class behind one address uses half of all places before it waits.
 */
export class FairShare {
  readonly total: number;
  readonly #held = new Map<string, number>();
  #used = 0;

  constructor(total: number) {
    this.total = total;
  }

  get used(): number {
    return this.#used;
  }

  get free(): number {
    return this.total - this.#used;
  }

  heldBy(client: string): number {
    return this.#held.get(client) ?? 0;
  }

  /** Takes places for a client. Returns false, and takes none, if its share does not allow it. */
  take(client: string, places = 1): boolean {
    const held = this.heldBy(client);
    if (held + places > this.free) return false;
    this.#held.set(client, held + places);
    this.#used += places;
    return true;
  }

  release(client: string, places = 1): void {
    const left = this.heldBy(client) - places;
    // Clients that hold nothing are forgotten, so that the map stays as small as the number of places.
    if (left > 0) this.#held.set(client, left);
    else this.#held.delete(client);
    this.#used -= places;
  }
}
