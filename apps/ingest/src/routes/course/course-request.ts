import { type CourseSettings, datasetAsked, lastValues } from '@almanac/profiles';
import type { FastifyRequest } from 'fastify';
import type { BodyLimits } from '../../body/read-body.ts';
import { checkId } from '../v1/dataset-id.ts';

/** The data set of a request: `?dataset=`, else the default one. Throws 400 for an invalid id. */
export function datasetOf(request: FastifyRequest, { defaultDataset }: Pick<CourseSettings, 'defaultDataset'>): string {
  const asked = datasetAsked(lastValues(request.query));
  return asked === undefined ? defaultDataset : checkId(asked);
}

/** Sent by clients that have no data but always send JSON: it counts as no body. */
const EMPTY_OBJECT = '{}';

/**
 * Whether the client sends a body: course clients mostly post nothing. For a chunked body this waits for its first byte or its end.
 * No byte is consumed. A body that does not begin in time counts as one, and its reader then reports the timeout.
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
