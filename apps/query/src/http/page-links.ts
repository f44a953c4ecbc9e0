import type { Link } from '@almanac/domain';

export interface PageOf {
  limit: number;
  offset: number;
  matched: number;
  /** items on this page, where it may have fewer than `limit` and more follow */
  returned?: number;
}

/** Links of one page of a list, with all other parameters of the request: itself, next and previous if there are any, the first. */
export function pageLinks(url: string, { limit, offset, matched, returned = limit }: PageOf): Link[] {
  const [path = '', query = ''] = url.split('?', 2);
  const kept = query === '' ? '' : keptParameters(query);
  const size = `limit=${Number.isFinite(limit) ? limit : 'all'}`;
  const href = (at: number) => `${path}?${kept}${size}${at > 0 ? `&offset=${at}` : ''}`;
  const links = [{ rel: 'self', href: href(offset) }];
  if (offset + returned < matched) links.push({ rel: 'next', href: href(offset + returned) });
  if (offset > 0 && Number.isFinite(limit)) links.push({ rel: 'prev', href: href(Math.max(0, offset - limit)) });
  links.push({ rel: 'first', href: href(0) });
  return links;
}

function keptParameters(query: string): string {
  let kept = '';
  for (const part of query.split('&')) {
    const name = part.split('=', 1)[0] as string;
    const plain = name.includes('%') ? decoded(name) : name;
    if (plain !== 'limit' && plain !== 'offset' && part !== '') kept += `${part}&`;
  }
  return kept;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
