import { type CourseSettings, datasetAsked, lastValues } from '@almanac/profiles';
import type { FastifyRequest } from 'fastify';
import type { BodyLimits } from '../../body/read-body.ts';
import { checkId } from '../v1/dataset-id.ts';

/** The data set a request is about: `?dataset=`, else the default one. Throws 400 for what cannot be a name. */
export function datasetOf(request: FastifyRequest, { defaultDataset }: Pick<CourseSettings, 'defaultDataset'>): string {
  const asked = datasetAsked(lastValues(request.query));
  return asked === undefined ? defaultDataset : checkId(asked);
}

/**
 * Whether the caller sends something: clients of this dialect mostly post nothing at all. Of a chunked body only its first byte tells,
 * or its end. Nothing is read; one that does not begin in time counts as a body, for its reader to tell.
 */
export function hasBody({ raw, headers }: FastifyRequest, { stallSeconds }: Pick<BodyLimits, 'stallSeconds'>): Promise<boolean> | boolean {
  if (headers['transfer-encoding'] === undefined) return Number(headers['content-length'] ?? 0) > 0;
  return new Promise((resolve) => {
    const events = ['readable', 'end', 'close'] as const;
    const timer = setTimeout(settle, stallSeconds * 1000);
    function settle() {
      clearTimeout(timer);
      for (const event of events) raw.off(event, settle);
      resolve(raw.readableLength > 0 || !raw.complete);
    }
    for (const event of events) raw.on(event, settle);
  });
}
