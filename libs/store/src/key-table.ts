import { loadLimits, ProblemError, withUnit } from '@almanac/domain';
import { keyHash } from './key-hash.ts';

const PAIR_BYTES = 8;
/** Number of small tables that the table consists of, chosen by the low bits of the hash: each grows quickly, and the whole is never copied. */
const SEGMENTS = 256;
/** Words of a segment at first: pairs of a hash and an ordinal + 1 (0 = free). */
const FIRST_WORDS = 16;

/** Key hash -> ordinal of every row of a load, in 8 bytes a place (open addressing, at most two thirds full before a segment doubles). */
export class KeyTable {
  readonly seed: number;
  readonly #segments: (Segment | undefined)[] = Array.from({ length: SEGMENTS });
  #bytes = 0;

  constructor(seed: number) {
    this.seed = seed;
  }

  hashOf(key: string): number {
    return keyHash(key, this.seed);
  }

  /** Whether an earlier row's key has this hash: hardly ever, so the common case must cost nothing. */
  has(hash: number): boolean {
    return this.#segments[hash & (SEGMENTS - 1)]?.has(hash) ?? false;
  }

  /** Ordinals of the earlier rows whose key has this hash. */
  ordinalsOf(hash: number): number[] {
    return this.#segments[hash & (SEGMENTS - 1)]?.ordinalsOf(hash) ?? [];
  }

  /** Throws 503 if the key tables of this process take too much memory. */
  add(hash: number, ordinal: number): void {
    let segment = this.#segments[hash & (SEGMENTS - 1)];
    if (segment === undefined) {
      segment = new Segment();
      this.#segments[hash & (SEGMENTS - 1)] = segment;
    }
    if (segment.isFull) this.#grow(segment);
    segment.add(hash, ordinal);
  }

  #grow(segment: Segment): void {
    const more = segment.bytes;
    const { value: limit, unit } = loadLimits.keyTablesBytes;
    if (allBytes + more > limit) throw tooManyKeys(allBytes + more, limit, withUnit(limit, unit));
    allBytes += more;
    this.#bytes += more;
    segment.grow();
  }

  /** Lets go of all memory. */
  release(): void {
    allBytes -= this.#bytes;
    this.#bytes = 0;
    this.#segments.fill(undefined);
  }

  /** The number of buckets for the pairs of `rows` rows, about 256 pairs each: a power of two. */
  static bucketsFor = (rows: number): number => 1 << Math.max(0, Math.ceil(Math.log2(Math.max(1, rows) / 256)));

  /**
   * The pairs (u32 hash, u32 ordinal, little endian) sorted into `count` buckets by the low bits of the hash, each with the number of its
   * bucket; some buckets at a time.
   */
  *buckets(count: number): Generator<[number: number, pairs: Buffer][]> {
    const groups = Math.min(count, SEGMENTS);
    for (let group = 0; group < groups; group++) {
      const segments = this.#segments.filter((segment, i) => segment !== undefined && (i & (groups - 1)) === group) as Segment[];
      yield sorted(segments, count / groups, Math.log2(groups)).map((pairs, i) => [group + i * groups, pairs]);
    }
  }
}

/** Bytes that the key tables of all loads of this process take, segments of the first size apart. */
let allBytes = 0;

const tooManyKeys = (value: number, limit: number, shownLimit: string): ProblemError =>
  new ProblemError(
    'unavailable',
    `The keys of all running loads would take ${value.toLocaleString('en')} bytes of memory, the limit is ${shownLimit}. Nothing was changed. Retry when the other loads have ended.`,
    { headers: { 'retry-after': '30' }, extra: { limit, value, unit: 'bytes' } },
  );

class Segment {
  #places = new Uint32Array(FIRST_WORDS);
  #used = 0;

  get bytes(): number {
    return this.#places.byteLength;
  }

  get isFull(): boolean {
    return this.#used * 3 >= this.#places.length;
  }

  has(hash: number): boolean {
    const places = this.#places;
    for (let at = this.#start(hash); places[at + 1] !== 0; at = (at + 2) & (places.length - 1)) if (places[at] === hash) return true;
    return false;
  }

  ordinalsOf(hash: number): number[] {
    const found: number[] = [];
    const places = this.#places;
    for (let at = this.#start(hash); places[at + 1] !== 0; at = (at + 2) & (places.length - 1)) {
      if (places[at] === hash) found.push((places[at + 1] as number) - 1);
    }
    return found;
  }

  add(hash: number, ordinal: number): void {
    const places = this.#places;
    let at = this.#start(hash);
    while (places[at + 1] !== 0) at = (at + 2) & (places.length - 1);
    places[at] = hash;
    places[at + 1] = ordinal + 1;
    this.#used++;
  }

  grow(): void {
    const old = this.#places;
    this.#places = new Uint32Array(old.length * 2);
    this.#used = 0;
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) this.add(old[at] as number, (old[at + 1] as number) - 1);
  }

  each(visit: (hash: number, ordinal: number) => void): void {
    const places = this.#places;
    for (let at = 0; at < places.length; at += 2) {
      const value = places[at + 1] as number;
      if (value !== 0) visit(places[at] as number, value - 1);
    }
  }

  // The low bits of the hash choose the segment and the bucket.
  #start(hash: number): number {
    return ((hash >>> 8) & (this.#places.length / 2 - 1)) * 2;
  }
}

/** The pairs of segments in `count` buckets, by the bits of the hash above the lowest `shift`. */
function sorted(segments: readonly Segment[], count: number, shift: number): Buffer[] {
  const starts = new Uint32Array(count + 1);
  const each = (visit: (bucket: number, hash: number, ordinal: number) => void) => {
    for (const segment of segments) segment.each((hash, ordinal) => visit((hash >>> shift) & (count - 1), hash, ordinal));
  };
  each((bucket) => {
    starts[bucket + 1] = (starts[bucket + 1] as number) + 1;
  });
  for (let b = 0; b < count; b++) starts[b + 1] = (starts[b + 1] as number) + (starts[b] as number);
  const at = starts.slice();
  const pairs = Buffer.alloc((starts[count] as number) * PAIR_BYTES);
  each((bucket, hash, ordinal) => {
    const place = at[bucket] as number;
    at[bucket] = place + 1;
    pairs.writeUInt32LE(hash, place * PAIR_BYTES);
    pairs.writeUInt32LE(ordinal, place * PAIR_BYTES + 4);
  });
  return Array.from({ length: count }, (_, b) =>
    pairs.subarray((starts[b] as number) * PAIR_BYTES, (starts[b + 1] as number) * PAIR_BYTES),
  );
}

/** Ordinals in one bucket under a hash, the newest first. */
export function ordinalsIn(bucket: Buffer, hash: number): number[] {
  const found: number[] = [];
  for (let at = bucket.length - PAIR_BYTES; at >= 0; at -= PAIR_BYTES) {
    if (bucket.readUInt32LE(at) === hash) found.push(bucket.readUInt32LE(at + 4));
  }
  return found;
}
