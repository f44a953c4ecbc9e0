import { degrees } from './degrees/index.ts';
import { generic } from './generic/index.ts';
import { genes } from './genes/index.ts';
import { iss } from './iss/index.ts';
import { mars } from './mars/index.ts';
import { meteorites } from './meteorites/index.ts';
import type { Profile } from './profile.ts';
import type { ProfileRoute } from './route.ts';
import { turbidity } from './turbidity/index.ts';

/** Every profile but the generic one, which any other data set has. */
export const profiles: readonly Profile[] = [iss, meteorites, genes, turbidity, degrees, mars];
export const profileIds = profiles.map(({ id }) => id);

/** The profile of that name; the generic one for any other. */
export const profileNamed = (id: string | undefined): Profile => profiles.find((profile) => profile.id === id) ?? generic;

/** The profile of records with these members. It is detected each time, and not stored. */
export function profileOf(names: Iterable<string>): Profile {
  const all = new Set(names);
  return profiles.find(({ matches }) => matches(all)) ?? generic;
}

/**
 * The routes of all profiles, one for each method and path: if several claim one, the default data set decides at each request, and
 * this list has the first. It is quick only if it is so for all of them.
 */
export function profileRoutes(all: readonly Profile[] = profiles): ProfileRoute[] {
  const routes = new Map<string, ProfileRoute>();
  for (const route of all.flatMap((profile) => profile.routes)) {
    const place = `${route.method} ${route.path}`;
    const first = routes.get(place);
    if (first === undefined) routes.set(place, route);
    else if (isQuick(first) && !isQuick(route)) routes.set(place, slow(first));
  }
  return [...routes.values()];
}

const isQuick = (route: ProfileRoute): boolean => route.service === 'query' && route.quick === true;

function slow(route: ProfileRoute): ProfileRoute {
  if (route.service !== 'query') return route;
  const { quick: _, ...rest } = route;
  return rest;
}
