import type { Atlas } from './atlas.ts';
import type { Geoposition } from './geoposition.ts';
import { checkReadable } from './sea-file.ts';

export interface GeopositionOptions {
  /** path of a GeoJSON file of marine areas (Natural Earth, ne_10m_geography_marine_polys); without it water has no name */
  seaPolygons?: string | undefined;
}

/**
 * Finds the names of places on Earth in data on this machine: about 20 MB, read in 0.3 s at the first request, once for all requests meanwhile.
 *
 * Throws if the sea file cannot be read: a wrong path is reported at start, and not at the first request.
 * Its content is only read at the first request; if it is invalid, every request fails with the reason until the file is fixed.
 */
export class Geopositions {
  readonly #seaPolygons: string | undefined;
  #atlas: Promise<Atlas> | undefined;

  constructor({ seaPolygons }: GeopositionOptions = {}) {
    if (seaPolygons !== undefined) checkReadable(seaPolygons);
    this.#seaPolygons = seaPolygons;
  }

  /** What is at a place: degrees north (-90 to 90) and east (-180 to 180). Throws RangeError for anything else. */
  async at(latitudeDeg: number, longitudeDeg: number): Promise<Geoposition> {
    checkRange('latitude', latitudeDeg, 90);
    checkRange('longitude', longitudeDeg, 180);
    const atlas = await this.#load();
    return atlas.at(latitudeDeg, longitudeDeg);
  }

  #load(): Promise<Atlas> {
    this.#atlas ??= import('./atlas.ts')
      .then(({ loadAtlas }) => loadAtlas(this.#seaPolygons))
      .catch((error: unknown) => {
        // Forgotten, so that a file put right needs no restart.
        this.#atlas = undefined;
        throw error;
      });
    return this.#atlas;
  }
}

function checkRange(name: string, value: number, limit: number): void {
  if (typeof value !== 'number' || !(Math.abs(value) <= limit))
    throw new RangeError(`${name} ${String(value)} is not on Earth: give degrees from -${limit} to ${limit}`);
}
