import type { Geometry, Position } from 'geojson';

/** No coast comes nearer to a pole than this; at the poles themselves the edges of maps meet. Degrees. */
const NEAREST_TO_POLE = 89.99;

/** Places of a ring in degrees. `east` may pass 180, and `west` -180, where the ring crosses the date line. */
interface Ring {
  west: number;
  east: number;
  south: number;
  north: number;
  xs: Float32Array;
  ys: Float32Array;
}

interface Polygon<T> {
  of: T;
  /** the outline and its holes: inside is inside an odd number of them */
  rings: readonly Ring[];
}

/**
 * Areas of the Earth by what they stand for. A corner takes 8 bytes, where GeoJSON in memory takes some 60, and is exact to about a metre.
 *
 * A place is inside if its meridian crosses the outline an odd number of times on the way to the north pole, which is in no country.
 * So areas over the date line and round the south pole need no cutting, as a test on the flat map would (which-polygon took 3.6 % of the Earth wrongly).
 */
export class Areas<T> {
  readonly #polygons: Polygon<T>[] = [];

  /**
   * Areas added first are found first. `isRound`: a step of more than 180 degrees goes the short way, over the date line (TopoJSON of world-atlas);
   * else areas are cut there and it goes the long way (GeoJSON, RFC 7946).
   */
  add(of: T, geometry: Geometry, { isRound }: { isRound: boolean }): void {
    const ringOf = isRound ? roundRing : flatRing;
    for (const rings of polygonsOf(geometry)) this.#polygons.push({ of, rings: rings.map(ringOf) });
  }

  find(latitudeDeg: number, longitudeDeg: number): T | undefined {
    const y = Math.max(-NEAREST_TO_POLE, Math.min(NEAREST_TO_POLE, latitudeDeg));
    const x = longitudeDeg === 180 ? -180 : longitudeDeg;
    for (const { of, rings } of this.#polygons) if (isInside(rings, x, y)) return of;
    return undefined;
  }
}

function polygonsOf(geometry: Geometry): Position[][][] {
  if (geometry.type === 'Polygon') return [geometry.coordinates];
  return geometry.type === 'MultiPolygon' ? geometry.coordinates : [];
}

function flatRing(positions: readonly Position[]): Ring {
  const xs = Float32Array.from(positions, ([x]) => x as number);
  const ys = Float32Array.from(positions, ([, y]) => y as number);
  const [west, east] = extent(xs);
  const [south, north] = extent(ys);
  return { west, east, south, north, xs, ys };
}

function roundRing(positions: readonly Position[]): Ring {
  const ring = flatRing(positions);
  let turn = 0;
  let before = ring.xs[0] as number;
  for (const [i, x] of ring.xs.entries()) {
    if (Math.abs(x - before) > 180) turn += x < before ? 360 : -360;
    ring.xs[i] = x + turn;
    before = x;
  }
  const [west, east] = extent(ring.xs);
  // A ring that does not come back to where it started goes round the south pole.
  return { ...ring, west, east, south: turn === 0 ? ring.south : -90 };
}

function extent(values: Float32Array): [least: number, most: number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

function isInside(rings: readonly Ring[], x: number, y: number): boolean {
  let count = 0;
  for (const ring of rings) count += crossings(ring, x, y);
  return count % 2 === 1;
}

/** How often the meridian crosses a ring north of a place. A corner counts for the edge to its east, so no place is in two neighbours. */
function crossings({ west, east, south, north, xs, ys }: Ring, longitude: number, y: number): number {
  if (y < south || y >= north) return 0;
  const x = longitude < west ? longitude + 360 : longitude >= east ? longitude - 360 : longitude;
  if (x < west || x >= east) return 0;
  let count = 0;
  for (let i = 1; i < xs.length; i++) {
    const x0 = xs[i - 1] as number;
    const x1 = xs[i] as number;
    if (x0 > x === x1 > x) continue;
    const y0 = ys[i - 1] as number;
    if (y0 + ((x - x0) / (x1 - x0)) * ((ys[i] as number) - y0) > y) count++;
  }
  return count;
}
