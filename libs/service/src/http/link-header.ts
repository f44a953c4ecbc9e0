import type { Link } from '@almanac/domain';

/** A longer header is reduced to the link `next`; the body has all links. */
const MAX_LENGTH = 4096;

/** Links as the value of a Link header (RFC 8288). Each repeats the query of the request, so the header can be long. */
export function linkHeader(links: readonly Link[]): string {
  const all = format(links);
  return all.length <= MAX_LENGTH ? all : format(links.filter(({ rel }) => rel === 'next'));
}

const format = (links: readonly Link[]): string => links.map(({ rel, href }) => `<${href}>; rel="${rel}"`).join(', ');
