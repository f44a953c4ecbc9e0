/**
 * The settlement of 1,000 people or more that is nearest, by great circle. Members are called as they go out.
 * Codes are as GeoNames has them: ISO 3166-1 in lower case, and its own of the first administrative division ("TX"; '' if there is none).
 */
export interface NearestCity {
  name: string;
  country_code: string;
  admin_code: string;
  /** degrees, WGS84 */
  latitude: number;
  longitude: number;
  distance_km: number;
  /** 0: not known */
  population: number;
  /** whether the place may be called by it: on land and within 100 km */
  is_near: boolean;
}

/** The names of a place. `country` is present on land and never over water; `water` only over water, if its name is known. */
export interface Geo {
  country?: string;
  /** ISO 3166-1 alpha-2 in lower case, as geocoders write it */
  country_code?: string;
  'ISO3166-1-alpha3'?: string;
  'ISO3166-1-numeric'?: string;
  /** "South Pacific Ocean", "Gulf of Mexico" */
  water?: string;
  nearest_city: NearestCity;
}

export interface Geoposition {
  /** part of a sentence: "near Austin (1 km), United States", "over the South Pacific Ocean" */
  text: string;
  geo: Geo;
}
