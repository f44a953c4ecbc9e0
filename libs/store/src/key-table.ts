import { keyHash } from './key-hash.ts';

const PAIR_BYTES = 8;

/** Key hash -> ordinal of every row of a load, in 8 bytes a place (open addressing, at most a third full before it doubles). */
export class KeyTable {
  readonly seed: number;
  #places = new Uint32Array(1 << 12); // pairs: hash, ordinal + 1 (0 = free)
  #used = 0;

  constructor(seed: number) {
    this.seed = seed;
  }

  hashOf(key: string): number {
    return keyHash(key, this.seed);
  }

  /** Whether an earlier row's key has this hash: hardly ever, so the common answer must cost nothing. */
  has(hash: number): boolean {
    for (let at = this.#start(hash); this.#places[at + 1] !== 0; at = this.#next(at)) if (this.#places[at] === hash) return true;
    return false;
  }

  /** Ordinals of the earlier rows whose key has this hash. */
  ordinalsOf(hash: number): number[] {
    const found: number[] = [];
    for (let at = this.#start(hash); this.#places[at + 1] !== 0; at = this.#next(at)) {
      if (this.#places[at] === hash) found.push((this.#places[at + 1] as number) - 1);
    }
    return found;
  }

  add(hash: number, ordinal: number): void {
    if (this.#used * 6 > this.#places.length) this.#grow();
    this.#put(hash, ordinal + 1);
  }

  #put(hash: number, value: number): void {
    let at = this.#start(hash);
    while (this.#places[at + 1] !== 0) at = this.#next(at);
    this.#places[at] = hash;
    this.#places[at + 1] = value;
    this.#used++;
  }

  // The low bits choose the bucket in the store; the table starts at higher ones, so that its runs stay short.
  #start(hash: number): number {
    return ((hash >>> 4) & (this.#places.length / 2 - 1)) * 2;
  }

  #next(at: number): number {
    return (at + 2) & (this.#places.length - 1);
  }

  #grow(): void {
    const old = this.#places;
    this.#places = new Uint32Array(old.length * 2);
    this.#used = 0;
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) this.#put(old[at] as number, old[at + 1] as number);
  }

  /** The pairs (u32 hash, u32 ordinal, little endian) sorted into buckets by the hash's low bits, about 256 a bucket; `buckets` is a power of two. */
  buckets(rows: number): Buffer[] {
    const count = 1 << Math.max(0, Math.ceil(Math.log2(Math.max(1, rows) / 256)));
    const starts = new Uint32Array(count + 1);
    this.#each((hash) => {
      starts[(hash & (count - 1)) + 1] = (starts[(hash & (count - 1)) + 1] as number) + 1;
    });
    for (let b = 0; b < count; b++) starts[b + 1] = (starts[b + 1] as number) + (starts[b] as number);
    const at = starts.slice();
    const pairs = Buffer.alloc((starts[count] as number) * PAIR_BYTES);
    this.#each((hash, ordinal) => {
      const place = at[hash & (count - 1)] as number;
      at[hash & (count - 1)] = place + 1;
      pairs.writeUInt32LE(hash, place * PAIR_BYTES);
      pairs.writeUInt32LE(ordinal, place * PAIR_BYTES + 4);
    });
    return Array.from({ length: count }, (_, b) =>
      pairs.subarray((starts[b] as number) * PAIR_BYTES, (starts[b + 1] as number) * PAIR_BYTES),
    );
  }

  #each(visit: (hash: number, ordinal: number) => void): void {
    for (let at = 0; at < this.#places.length; at += 2) {
      const value = this.#places[at + 1] as number;
      if (value !== 0) visit(this.#places[at] as number, value - 1);
    }
  }
}

/** Ordinals in one bucket under a hash, the newest first. */
export function ordinalsIn(bucket: Buffer, hash: number): number[] {
  const found: number[] = [];
  for (let at = bucket.length - PAIR_BYTES; at >= 0; at -= PAIR_BYTES) {
    if (bucket.readUInt32LE(at) === hash) found.push(bucket.readUInt32LE(at + 4));
  }
  return found;
}
