import type { Geo } from './geoposition.ts';

/** Over water without a name a town farther off than this is no help. */
const HELPFUL_KM = 300;
const inWords = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/**
 * Where a place is, as part of a sentence. On land "near Austin (1 km), United States", or "over Mali, 214 km from Taoudenni" where no town
 * of the country is near; over water "over the South Pacific Ocean", or "over open water, 120 km from Suva, Fiji" if it has no name.
 * `cityCountry`: the name of the nearest city's country.
 */
export function placeInWords({ country, country_code, water, nearest_city: city }: Geo, cityCountry: string): string {
  const km = `${inWords.format(Math.max(1, city.distance_km))} km`;
  if (country !== undefined) {
    const isAtHome = country_code === city.country_code;
    if (isAtHome && city.is_near) return `near ${city.name} (${km})${city.name === country ? '' : `, ${country}`}`;
    return `over ${withArticle(country)}, ${km} from ${city.name}${isAtHome ? '' : `, ${cityCountry}`}`;
  }
  if (water !== undefined) return `over ${withArticle(water)}`;
  return city.distance_km > HELPFUL_KM ? 'over open water' : `over open water, ${km} from ${city.name}, ${cityCountry}`;
}

const articled = [
  /^(United|Democratic|Republic|Isle|British Indian) |(Islands|Republic|Territory|Territories|Netherlands|Philippines|Maldives|Comoros|Seychelles)$/,
  /\b(Oceans?|Seas?|Gulf|Straits?|Channel|Passages?|River|Bight|Reef)\b| of |^(Bosporus|Dardanelles|Kattegat|Skagerrak)$/,
];

/** "the Gulf of Mexico" but "Hudson Bay", "the United States" but "Mali". */
function withArticle(name: string): string {
  if (name.startsWith('The ')) return `the ${name.slice(4)}`;
  return articled.some((pattern) => pattern.test(name)) ? `the ${name}` : name;
}
