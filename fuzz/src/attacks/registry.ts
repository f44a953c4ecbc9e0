import type { Attack } from '../attack.ts';
import { headAttacks } from './heads.ts';
import { jobAttacks } from './jobs.ts';
import { loadAttacks } from './loads.ts';
import { readAttacks } from './reads.ts';

/** Every kind of hostile input. */
export const attacks: readonly Attack[] = [...headAttacks, ...loadAttacks, ...readAttacks, ...jobAttacks];
