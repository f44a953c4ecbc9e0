import { hint, ProblemError, shown } from '@almanac/domain';
import { bareType, preferredType } from '@almanac/service';

/** The formats of records: id (`?f=`, file extension) and media type. The first is the default. */
export const mediaTypes = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
  arrow: 'application/vnd.apache.arrow.stream',
} as const;
export type FormatId = keyof typeof mediaTypes;
export const formatIds = Object.keys(mediaTypes) as FormatId[];

/** The format of `?f=`, else the preferred one of the Accept header (RFC 9110, 12.5.1). Throws 406 with the available ones. */
export function chooseFormat(f: string | undefined, accept: string | undefined, offered: readonly FormatId[] = formatIds): FormatId {
  const first = offered[0] as FormatId;
  if (f !== undefined) {
    const found = offered.find((id) => id === f);
    if (found === undefined) throw notAcceptable(`f=${shown(f)}${hint(f, offered)}`, offered);
    return found;
  }
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return first;
  const type = preferredType(
    accept,
    offered.map((id) => bareType(mediaTypes[id])),
  );
  const best = offered.find((id) => bareType(mediaTypes[id]) === type);
  if (best === undefined) throw notAcceptable(`Accept: ${shown(accept)}`, offered);
  return best;
}

const notAcceptable = (wanted: string, offered: readonly FormatId[]) =>
  new ProblemError(
    'not-acceptable',
    `${wanted} is not available here. Available: ${offered.map((id) => `${bareType(mediaTypes[id])} (f=${id})`).join(', ')}.`,
    {
      extra: { available: offered.map((id) => ({ f: id, type: bareType(mediaTypes[id]) })) },
    },
  );
