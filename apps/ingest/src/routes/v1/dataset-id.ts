import { DatasetId, invalidParameter, isDatasetId } from '@almanac/domain';
import { datasetIdFromFile } from '@almanac/formats';
import type { FastifyRequest } from 'fastify';

/** Throws 400, which suggests a valid id. */
export function checkId(id: string): string {
  if (isDatasetId(id)) return id;
  throw invalidParameter(
    'id',
    id,
    `must be ${(DatasetId as { description?: string }).description}; for example '${datasetIdFromFile(id)}'`,
  );
}

/** A preValidation hook: its error is clearer than that of the schema's pattern. */
export const checkPathId = async (request: FastifyRequest): Promise<void> => void checkId((request.params as { id: string }).id);
