import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { bytesOf, jsonOf, send, timeGet } from './http.ts';
import { loadPlainly } from './peers/plain-load.ts';
import type { Stack } from './stack.ts';
import { median, type Row, ratioOf } from './table.ts';

/** A file that a profile's data set is loaded from. */
export interface SourceFile {
  profile: string;
  what: string;
  path: string;
}

/** The sources that a stack's profiles load from: symbolic links, so that one stack can load many files. */
export class Sources {
  readonly #stack: Stack;
  readonly #profiles: readonly string[];

  constructor(stack: Stack, profiles: readonly string[]) {
    this.#stack = stack;
    this.#profiles = profiles;
  }

  /** What a stack is started with. */
  get variables(): { ALMANAC_SOURCES: string } {
    return { ALMANAC_SOURCES: this.#profiles.map((profile) => `${profile}=${this.#link(profile)}`).join(',') };
  }

  /** Milliseconds until a profile's records from a file can be read. */
  async load(profile: string, path: string): Promise<number> {
    rmSync(this.#link(profile), { force: true });
    symlinkSync(path, this.#link(profile));
    const started = performance.now();
    await send('POST', `${this.#stack.ingest}/data?dataset=${profile}`, '');
    await timeGet(`${this.#stack.query}/data?dataset=${profile}&limit=1`);
    return performance.now() - started;
  }

  /** Loads a file beside a plain program that is given the same records as JSON. */
  async measure(id: string, { profile, what, path }: SourceFile, redis: Redis, rounds: number): Promise<Row> {
    // The first load warms both, and determines what the peer loads.
    await this.load(profile, path);
    const dataset = `${this.#stack.query}/v1/datasets/${profile}`;
    const { key, rows } = await jsonOf<{ key: string; rows: number }>(dataset);
    const json = await bytesOf(`${dataset}.json`);
    await loadPlainly(redis, json, key);
    const ours: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await this.load(profile, path));
      peer.push(await loadPlainly(redis, json, key));
    }
    const ms = median(ours);
    return {
      id,
      what: `load ${what}: ${rows.toLocaleString('en')} rows`,
      ours: `${ms.toFixed(0)} ms, ${(rows / ms).toFixed(1)}k rows/s`,
      peer: `${median(peer).toFixed(1)} ms: JSON.parse of the same + pipelined HSET`,
      ...ratioOf(ours, peer),
    };
  }

  #link(profile: string): string {
    return join(this.#stack.folder, profile);
  }
}
