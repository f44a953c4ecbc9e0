import { hint, ProblemError, shown } from '@almanac/domain';

export interface Negotiable {
  id: string;
  mediaType: string;
}

/** What a client accepts, best first (RFC 9110, 12.5.1). */
function accepted(header: string): { type: string; q: number }[] {
  return header
    .split(',')
    .map((part) => {
      const [type = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const q = parameters.find((p) => p.startsWith('q='));
      return { type, q: q === undefined ? 1 : Number(q.slice(2)) };
    })
    .filter(({ type, q }) => type !== '' && q > 0)
    .sort((a, b) => b.q - a.q);
}

const bare = (mediaType: string): string => mediaType.split(';')[0] as string;

/**
 * The format of an answer: `?f=` first, then Accept, the first offered where anything will do.
 * Throws not-acceptable (406), which lists what there is.
 */
export function negotiate<T extends Negotiable>(offers: readonly [T, ...T[]], accept: string | undefined, f: string | undefined): T {
  const ids = offers.map(({ id }) => id);
  if (f !== undefined) {
    const offer = offers.find(({ id }) => id === f);
    if (offer === undefined) throw notAcceptable(`f=${shown(f)}${hint(f, ids)}`, offers);
    return offer;
  }
  if (accept === undefined || accept.trim() === '') return offers[0];
  for (const { type } of accepted(accept)) {
    const offer = offers.find(
      ({ mediaType }) => type === '*/*' || type === bare(mediaType) || type === `${bare(mediaType).split('/')[0]}/*`,
    );
    if (offer !== undefined) return offer;
  }
  throw notAcceptable(`Accept: ${shown(accept)}`, offers);
}

const notAcceptable = (asked: string, offers: readonly Negotiable[]) =>
  new ProblemError(
    'not-acceptable',
    `${asked} cannot be answered; there are ${offers.map(({ id, mediaType }) => `${id} (${bare(mediaType)})`).join(', ')}.`,
    {
      extra: { available: offers.map(({ mediaType }) => bare(mediaType)) },
    },
  );
