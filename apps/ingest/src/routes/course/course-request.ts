import { type CourseSettings, datasetAsked, lastValues } from '@almanac/profiles';
import type { FastifyRequest } from 'fastify';
import { checkId } from '../v1/dataset-id.ts';

/** The data set a request is about: `?dataset=`, else the default one. Throws 400 for what cannot be a name. */
export function datasetOf(request: FastifyRequest, { defaultDataset }: Pick<CourseSettings, 'defaultDataset'>): string {
  const asked = datasetAsked(lastValues(request.query));
  return asked === undefined ? defaultDataset : checkId(asked);
}

/** Whether the caller sent something: clients of this dialect mostly post nothing at all. */
export const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
