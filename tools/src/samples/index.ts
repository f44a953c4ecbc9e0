import { landings } from './landings.ts';
import type { Sample } from './sample.ts';
import { turbidity } from './turbidity.ts';

export type { Sample };
export const samples: readonly Sample[] = [turbidity, landings];
