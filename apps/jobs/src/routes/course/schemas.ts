import { DatasetParameter } from '@almanac/profiles';
import { Type } from 'typebox';

export const DatasetQuery = Type.Object({ dataset: DatasetParameter });

export const JobParams = Type.Object({
  id: Type.String({ description: 'the job’s id', examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'] }),
});
