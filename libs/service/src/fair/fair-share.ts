/**
 * Places that clients share. A client may hold at most as many as are free, so one client gets at most half of them, two greedy clients a
 * third each, and a place is always left for the next client. The rule needs no list of clients and no estimate of their number: a whole
 * class behind one address can use half of all places.
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

  /** Takes places for a client. Returns false, and takes none, if they exceed its share. */
  take(client: string, places = 1): boolean {
    const held = this.heldBy(client);
    if (held + places > this.free) return false;
    this.#held.set(client, held + places);
    this.#used += places;
    return true;
  }

  release(client: string, places = 1): void {
    const left = this.heldBy(client) - places;
    // Clients without places are removed, so that the map is never larger than the number of places.
    if (left > 0) this.#held.set(client, left);
    else this.#held.delete(client);
    this.#used -= places;
  }
}
