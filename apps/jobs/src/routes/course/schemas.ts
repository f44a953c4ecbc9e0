import { DatasetParameter } from '@almanac/profiles';
import { Type } from 'typebox';

/** What clients say of a job fits into this, in bytes; it is kept with the job and listed with it. */
export const MAX_BYTES = 64 * 1024;

export const DatasetQuery = Type.Object({ dataset: DatasetParameter });
