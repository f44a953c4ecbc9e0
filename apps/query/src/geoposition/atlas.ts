import type { Areas } from './areas.ts';
import { type Cities, type City, loadCities } from './cities.ts';
import { countryAt, countryWithCode } from './countries.ts';
import type { Geo, Geoposition, NearestCity } from './geoposition.ts';
import { type LandArea, loadLand } from './land.ts';
import { loadSeas } from './sea-file.ts';
import { placeInWords } from './text.ts';

/** A town farther away than this does not describe a place. */
const NEAR_KM = 100;
/** Land is drawn to about 2 km and without its small islands: nearer than this to the middle of a town one is on land whatever is drawn. */
const TOWN_KM = 2;

/** Reads the sea file first: if it is invalid, no other work was done in vain. */
export async function loadAtlas(seaPolygons: string | undefined): Promise<Atlas> {
  const seas = seaPolygons === undefined ? undefined : await loadSeas(seaPolygons);
  const land = await loadLand();
  return new Atlas(land, seas, await loadCities());
}

/** The data from which places are named. */
export class Atlas {
  readonly #land: Areas<LandArea>;
  readonly #seas: Areas<string> | undefined;
  readonly #cities: Cities;

  constructor(land: Areas<LandArea>, seas: Areas<string> | undefined, cities: Cities) {
    this.#land = land;
    this.#seas = seas;
    this.#cities = cities;
  }

  at(latitudeDeg: number, longitudeDeg: number): Geoposition {
    const city = this.#cities.nearest(latitudeDeg, longitudeDeg);
    const found = this.#landOrWater(latitudeDeg, longitudeDeg, city);
    const geo: Geo = { ...found, nearest_city: nearestCity(city, found.country !== undefined && city.distanceKm <= NEAR_KM) };
    return { text: placeInWords(geo, countryWithCode(city.countryCode)?.country ?? city.countryCode), geo };
  }

  /** Countries claim the sea far offshore, so they are only asked on land. */
  #landOrWater(latitudeDeg: number, longitudeDeg: number, city: City): Omit<Geo, 'nearest_city'> {
    const land = this.#land.find(latitudeDeg, longitudeDeg);
    if (land !== undefined) return countryAt(latitudeDeg, longitudeDeg) ?? countryWithCode(land.isoNumeric ?? '') ?? { country: land.name };
    if (city.distanceKm <= TOWN_KM) return countryWithCode(city.countryCode) ?? { country: city.countryCode };
    const water = this.#seas?.find(latitudeDeg, longitudeDeg);
    return water === undefined ? {} : { water };
  }
}

function nearestCity(city: City, isNear: boolean): NearestCity {
  return {
    name: city.name,
    country_code: city.countryCode.toLowerCase(),
    admin_code: city.adminCode,
    latitude: city.latitudeDeg,
    longitude: city.longitudeDeg,
    distance_km: Math.round(city.distanceKm * 10) / 10,
    population: city.population,
    is_near: isNear,
  };
}
