import { ascendingNodeNear, ephemerisOf, type PublishedNode, publishedNodes } from '@almanac/analysis';
import { parseTime, textOf, tokenOf } from '@almanac/domain';
import type { LoadCheck } from '../profile.ts';
import { sourceMetadataIn } from './source-metadata.ts';

const names = ['X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT'] as const;
/** More states than any file has; beyond it the check is left out rather than memory taken. */
const MOST_STATES = 200_000;
/** By how much a node may lie elsewhere than the file's own comments say, in degrees. */
const LIMIT_DEG = 0.001;
/** A file names two nodes. If it names very many, this number at either end is compared: each takes a search among the states. */
const NODES = 10;

const ends = <T>(list: readonly T[]): readonly T[] => (list.length <= 2 * NODES ? list : [...list.slice(0, NODES), ...list.slice(-NODES)]);

/** Compares a loaded ephemeris with the longitudes of ascending nodes that NASA writes into its comments. */
export class NodeCheck implements LoadCheck {
  readonly #times: number[] = [];
  readonly #numbers: number[] = [];

  row(text: string): void {
    if (this.#times.length >= MOST_STATES) return;
    const epoch = tokenOf(text, 'EPOCH');
    const time = epoch === undefined ? Number.NaN : (parseTime(textOf(epoch)) ?? Number.NaN);
    // Where two segments of a file meet, the state of the second counts.
    if (time === this.#times.at(-1)) {
      this.#times.pop();
      this.#numbers.length -= names.length;
    }
    this.#times.push(time);
    for (const name of names) this.#numbers.push(Number(textOf(tokenOf(text, name) ?? 'null')));
  }

  notes(sourceMetadata: Readonly<Record<string, unknown>>): string[] {
    const nodes = ends(publishedNodes(sourceMetadataIn(sourceMetadata).comments));
    if (nodes.length === 0 || this.#times.length >= MOST_STATES) return [];
    try {
      const differences = this.#compare(nodes);
      if (differences.length === 0) return [];
      const most = Math.max(...differences);
      const compared = `the longitude${differences.length === 1 ? '' : 's'} of ${differences.length} ascending node${differences.length === 1 ? '' : 's'} that the file names`;
      return most <= LIMIT_DEG
        ? [`The states agree with ${compared} (within ${most.toFixed(5)} degrees).`]
        : [
            `The states do not agree with ${compared}: they are up to ${most.toFixed(4)} degrees off. Are frame and times what the file says?`,
          ];
    } catch (error) {
      if (error instanceof RangeError) return [`The states could not be compared with the file's own nodes: ${error.message}.`];
      throw error;
    }
  }

  #compare(nodes: readonly PublishedNode[]): number[] {
    const n = this.#times.length;
    const axes = (from: number) =>
      Float64Array.from({ length: 3 * n }, (_, i) => this.#numbers[6 * Math.floor(i / 3) + from + (i % 3)] as number);
    const ephemeris = ephemerisOf(Float64Array.from(this.#times), axes(0), axes(3));
    return nodes.flatMap(({ timeMs, longitudeDeg }) => {
      const found = ascendingNodeNear(ephemeris, timeMs);
      if (found === undefined || Math.abs(found.timeMs - timeMs) > 60_000) return [];
      return [Math.abs(((found.longitudeDeg - longitudeDeg + 540) % 360) - 180)];
    });
  }
}
