import { type CourseSettings, datasetAsked, lastValues } from '@almanac/profiles';
import type { FastifyRequest } from 'fastify';
import type { BodyLimits } from '../../body/read-body.ts';
import { checkId } from '../v1/dataset-id.ts';

/** The data set a request is about: `?dataset=`, else the default one. Throws 400 for what cannot be a name. */
export function datasetOf(request: FastifyRequest, { defaultDataset }: Pick<CourseSettings, 'defaultDataset'>): string {
  const asked = datasetAsked(lastValues(request.query));
  return asked === undefined ? defaultDataset : checkId(asked);
}

/** What a client sends that has nothing to say and says it as JSON: it stands for no body, and is no record. */
const EMPTY_OBJECT = '{}';

/**
 * Whether the caller sends something: clients of this dialect mostly post nothing at all. Of a chunked body only its first byte tells,
 * or its end. Nothing is read; one that does not begin in time counts as a body, for its reader to tell.
 */
export function hasBody({ raw, headers }: FastifyRequest, { stallSeconds }: Pick<BodyLimits, 'stallSeconds'>): Promise<boolean> | boolean {
  const length = Number(headers['content-length'] ?? 0);
  if (headers['transfer-encoding'] === undefined && length !== EMPTY_OBJECT.length) return length > 0;
  return new Promise((resolve) => {
    const events = ['readable', 'end', 'close'] as const;
    const timer = setTimeout(settle, stallSeconds * 1000);
    function settle() {
      clearTimeout(timer);
      for (const event of events) raw.off(event, settle);
      const first = raw.read() as Buffer | null;
      const isEmptyObject = length === EMPTY_OBJECT.length && first?.toString() === EMPTY_OBJECT;
      if (first !== null && !isEmptyObject) raw.unshift(first);
      resolve(!isEmptyObject && (first !== null || !raw.complete));
    }
    for (const event of events) raw.on(event, settle);
  });
}
