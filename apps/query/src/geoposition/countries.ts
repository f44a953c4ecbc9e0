import { feature, featuresContaining } from '@rapideditor/country-coder';
import type { Geo } from './geoposition.ts';

export type Country = Pick<Geo, 'country' | 'country_code' | 'ISO3166-1-alpha3' | 'ISO3166-1-numeric'>;

/** Areas that country-coder draws by who holds them, with the country ISO 3166 lists them under: the codes given out are ISO's. */
const listedUnder: ReadonlyMap<string, string> = new Map([
  ['Q23681', 'CY'], // Northern Cyprus
  ['Q7835', 'UA'], // Crimea: UA-43
]);

/** Countries that country-coder calls by their full title, as people call them. */
const commonNames: ReadonlyMap<string, string> = new Map([
  ['CN', 'China'],
  ['CY', 'Cyprus'],
  ['DK', 'Denmark'],
  ['FM', 'Micronesia'],
  ['GG', 'Guernsey'],
  ['IE', 'Ireland'],
  ['JE', 'Jersey'],
  ['NL', 'Netherlands'],
  ['US', 'United States'],
]);

type Found = NonNullable<ReturnType<typeof feature>>['properties'];

/**
 * The country, or the territory with a code of its own (Greenland, Puerto Rico), that a place is in. Undefined where no country is.
 * Also says whose the sea is, far offshore: ask for land only.
 */
export function countryAt(latitudeDeg: number, longitudeDeg: number): Country | undefined {
  // From the smallest area to the whole world.
  for (const { properties } of featuresContaining([longitudeDeg, latitudeDeg])) {
    const listed = listedUnder.get(properties.id);
    if (listed !== undefined) return countryWithCode(listed);
    if (isCountry(properties)) return describe(properties);
  }
  return undefined;
}

/** A country by any of its ISO 3166-1 codes. */
export function countryWithCode(code: string): Country | undefined {
  const found = feature(code)?.properties;
  return found !== undefined && isCountry(found) ? describe(found) : undefined;
}

/** Codes that ISO only keeps free (EA for Ceuta, EU) stand for no country. Kosovo's XK is assigned by its users. */
const isCountry = ({ iso1A2, isoStatus }: Found): boolean => iso1A2 !== undefined && isoStatus !== 'excRes';

function describe({ iso1A2 = '', iso1A3, iso1N3, nameEn }: Found): Country {
  return {
    country: commonNames.get(iso1A2) ?? nameEn,
    country_code: iso1A2.toLowerCase(),
    ...(iso1A3 === undefined ? {} : { 'ISO3166-1-alpha3': iso1A3 }),
    ...(iso1N3 === undefined ? {} : { 'ISO3166-1-numeric': iso1N3 }),
  };
}
