import { degrees } from './degrees.ts';
import { iss } from './iss.ts';
import { mars } from './mars.ts';
import { meteorites } from './meteorites.ts';
import type { Sample } from './sample.ts';
import { turbidity } from './turbidity.ts';

export type { Sample };
export const samples: readonly Sample[] = [iss, turbidity, meteorites, degrees, mars];

/** Midnight UTC of a day: what is about now is the same all day long. */
export const midnight = (now: Date): Date => new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000);
