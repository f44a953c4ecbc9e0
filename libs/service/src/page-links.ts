import type { Link } from '@almanac/domain';

export interface Page {
  path: string;
  /** parameters that are the same on every page, in order; those without a value are left out */
  parameters: Iterable<readonly [string, string | undefined]>;
  limit: number;
  offset: number;
  matched: number;
}

/** Links of one page of a list: itself, the next and the previous where there are any, the first. */
export function pageLinks({ path, parameters, limit, offset, matched }: Page): Link[] {
  const href = (at: number) => {
    const query = new URLSearchParams();
    for (const [name, value] of parameters) if (value !== undefined) query.append(name, value);
    query.set('limit', String(limit));
    if (at > 0) query.set('offset', String(at));
    return `${path}?${query}`;
  };
  return [
    { rel: 'self', href: href(offset) },
    ...(offset + limit < matched ? [{ rel: 'next', href: href(offset + limit) }] : []),
    ...(offset > 0 ? [{ rel: 'prev', href: href(Math.max(0, offset - limit)) }] : []),
    { rel: 'first', href: href(0) },
  ];
}

/** The same links as a Link header (RFC 8288). */
export const linkHeader = (links: readonly Link[]): string => links.map(({ rel, href }) => `<${href}>; rel="${rel}"`).join(', ');
