import { DatasetParameter } from '@almanac/profiles';
import { Type } from 'typebox';

/** What clients say of a job fits into this, in bytes; it is kept with the job and listed with it. */
export const MAX_BYTES = 64 * 1024;

export const DatasetQuery = Type.Object({ dataset: DatasetParameter });

export const JobParams = Type.Object({
  id: Type.String({ description: 'the job’s id', examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'] }),
});
