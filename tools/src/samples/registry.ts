import { degrees } from './degrees.ts';
import { iss } from './iss.ts';
import { mars } from './mars.ts';
import { meteorites } from './meteorites.ts';
import type { Sample } from './sample.ts';
import { turbidity } from './turbidity.ts';

/** Every sample, in the order `up` lists them. */
export const samples: readonly Sample[] = [iss, turbidity, meteorites, degrees, mars];
