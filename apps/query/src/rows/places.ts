/** Collects ascending row numbers, 4 bytes each. */
export class Places {
  #places = new Uint32Array(1024);
  #count = 0;

  add(place: number): void {
    if (this.#count === this.#places.length) {
      const larger = new Uint32Array(2 * this.#places.length);
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[this.#count++] = place;
  }

  done(): Uint32Array {
    return this.#places.slice(0, this.#count);
  }
}
