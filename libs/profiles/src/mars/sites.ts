import { randomInt } from 'node:crypto';

export const compositions = ['stony', 'iron', 'stony-iron'] as const;
export type Composition = (typeof compositions)[number];

export interface Site extends Record<string, unknown> {
  site_id: number;
  /** degrees, Syrtis Major: 16 to 18 N, 82 to 84 E */
  latitude: number;
  longitude: number;
  composition: Composition;
}

/** `n` random sites; the same ones each time if a seed is given. */
export function sites(n = 5, seed = randomInt(2 ** 31)): Site[] {
  const next = uniform(seed);
  return Array.from({ length: n }, (_, i) => ({
    site_id: i + 1,
    latitude: 16 + 2 * next(),
    longitude: 82 + 2 * next(),
    composition: compositions[Math.floor(next() * compositions.length)] as Composition,
  }));
}

/** Numbers from 0 to 1, 1 excluded (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
