import { degrees } from './degrees/index.ts';
import { generic } from './generic/index.ts';
import { genes } from './genes/index.ts';
import { iss } from './iss/index.ts';
import { mars } from './mars/index.ts';
import { meteorites } from './meteorites/index.ts';
import type { Profile } from './profile.ts';
import { turbidity } from './turbidity/index.ts';

/** Every profile but the generic one, which any other data set has. */
export const profiles: readonly Profile[] = [iss, meteorites, genes, turbidity, degrees, mars];
export const profileIds = profiles.map(({ id }) => id);

/** The profile of that name; the generic one for any other. */
export const profileNamed = (id: string | undefined): Profile => profiles.find((profile) => profile.id === id) ?? generic;

/** The profile of records with these members: it is told from them each time, and stored nowhere. */
export function profileOf(names: Iterable<string>): Profile {
  const all = new Set(names);
  return profiles.find(({ matches }) => matches(all)) ?? generic;
}
