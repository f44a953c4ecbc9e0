import type { IncomingMessage } from 'node:http';
import { ConfigError, PREFIX, prefixOf } from '@almanac/service';
import type { Route } from '../route.ts';

/** Which forwarded headers about the caller's URL are trusted. */
export interface Trust {
  host: boolean;
  prefix: boolean;
}

/**
 * Rewrites the request as if the caller had sent it without a path prefix: removes the prefix from `url`, sets x-forwarded-prefix to it or
 * removes the header, and removes an x-forwarded-host that is not trusted. `basePath` (PUBLIC_BASE_PATH) is the prefix even if a proxy
 * has already stripped it from the URL.
 */
export function readPublicAddress(request: IncomingMessage, basePath: string, trust: Trust): void {
  const { headers } = request;
  if (!trust.host && headers['x-forwarded-host'] !== undefined) delete headers['x-forwarded-host'];
  const given = trust.prefix ? prefixOf(headers[PREFIX]) : '';
  const isInUrl = basePath !== '' && stripPrefix(request, basePath);
  const prefix = isInUrl || given === '' ? basePath : given;
  if (prefix !== '') headers[PREFIX] = prefix;
  else if (headers[PREFIX] !== undefined) delete headers[PREFIX];
}

function stripPrefix(request: IncomingMessage, basePath: string): boolean {
  const url = request.url as string;
  if (!url.startsWith(basePath)) return false;
  const rest = url.slice(basePath.length);
  if (rest !== '' && rest[0] !== '/' && rest[0] !== '?') return false;
  request.url = rest[0] === '/' ? rest : `/${rest}`;
  return true;
}

/** PUBLIC_BASE_PATH without a trailing slash; '' for '/'. Throws ConfigError, also for a path that would hide a route. */
export function checkedBasePath(setting: string, routes: readonly Route[]): string {
  const path = prefixOf(setting);
  if (path === '' && setting !== '' && setting !== '/')
    throw new ConfigError([
      `PUBLIC_BASE_PATH='${setting}' is not a path: use a path such as /almanac, of letters, digits, - . _ ~ and single slashes`,
    ]);
  const [first] = path.slice(1).split('/');
  if (path !== '' && routes.some((route) => route.path.split('/')[1] === first))
    throw new ConfigError([`PUBLIC_BASE_PATH='${setting}' starts like the route /${first}: use another path, such as /almanac`]);
  return path;
}

/** The last entry of a header to which each proxy appends: the one that the nearest proxy wrote. */
export const lastOf = (value: string | string[] | undefined): string | undefined => value?.toString().split(',').at(-1)?.trim();

const hostName = /^[\w.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i;

/** The URL at which the caller reached the gateway, for examples to paste. It is only shown: nothing connects to it. */
export function baseOf(request: Pick<IncomingMessage, 'headers'>): string {
  const { headers } = request;
  const host = lastOf(headers['x-forwarded-host']) ?? headers.host ?? '';
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${hostName.test(host) ? host : 'localhost:5000'}${headers[PREFIX] ?? ''}`;
}
