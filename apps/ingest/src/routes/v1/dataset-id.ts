import { DatasetId, invalidParameter, isDatasetId } from '@almanac/domain';
import { datasetIdFromFile } from '@almanac/formats';
import type { FastifyRequest } from 'fastify';

/** Throws 400 with a name that would do. */
export function checkId(id: string): string {
  if (isDatasetId(id)) return id;
  throw invalidParameter(
    'id',
    id,
    `a data set's name has ${(DatasetId as { description?: string }).description}; '${datasetIdFromFile(id)}' would do`,
  );
}

/** A preValidation hook, so that the answer is not the pattern. */
export const checkPathId = async (request: FastifyRequest): Promise<void> => void checkId((request.params as { id: string }).id);
