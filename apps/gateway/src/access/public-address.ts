import type { IncomingMessage } from 'node:http';
import { ConfigError, PREFIX, prefixOf } from '@almanac/service';
import type { Route } from '../route.ts';

/** What a proxy is believed to say of the address that the caller used. */
export interface Trust {
  host: boolean;
  prefix: boolean;
}

/**
 * Finds the address at which the caller reached Almanac, and writes the request as if it had come without a prefix: `url` loses it, the
 * header x-forwarded-prefix holds it or is absent, and an x-forwarded-host that is not trusted is removed. `basePath` (PUBLIC_BASE_PATH)
 * counts whether a proxy left it in the URL or took it off.
 */
export function readPublicAddress(request: IncomingMessage, basePath: string, trust: Trust): void {
  const { headers } = request;
  if (!trust.host && headers['x-forwarded-host'] !== undefined) delete headers['x-forwarded-host'];
  const given = trust.prefix ? prefixOf(headers[PREFIX]) : '';
  const isInUrl = basePath !== '' && takeOff(request, basePath);
  const prefix = isInUrl || given === '' ? basePath : given;
  if (prefix !== '') headers[PREFIX] = prefix;
  else if (headers[PREFIX] !== undefined) delete headers[PREFIX];
}

function takeOff(request: IncomingMessage, basePath: string): boolean {
  const url = request.url as string;
  if (!url.startsWith(basePath)) return false;
  const rest = url.slice(basePath.length);
  if (rest !== '' && rest[0] !== '/' && rest[0] !== '?') return false;
  request.url = rest[0] === '/' ? rest : `/${rest}`;
  return true;
}

/** PUBLIC_BASE_PATH without a slash at its end; '' for '/'. Throws ConfigError: a path that begins as a route does would hide it. */
export function checkedBasePath(setting: string, routes: readonly Route[]): string {
  const path = prefixOf(setting);
  if (path === '' && setting !== '' && setting !== '/')
    throw new ConfigError([
      `PUBLIC_BASE_PATH='${setting}' is not a path: write /almanac, with letters, digits, - . _ ~ and single slashes`,
    ]);
  const [first] = path.slice(1).split('/');
  if (path !== '' && routes.some((route) => route.path.split('/')[1] === first))
    throw new ConfigError([`PUBLIC_BASE_PATH='${setting}' begins like a route of Almanac, /${first}: choose another, such as /almanac`]);
  return path;
}

/** Of a header to which each proxy adds, what the nearest one wrote. */
export const lastOf = (value: string | string[] | undefined): string | undefined => value?.toString().split(',').at(-1)?.trim();

const hostName = /^[\w.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i;

/** The URL at which the caller reached the gateway, for examples to paste. It is only shown: nothing connects to it. */
export function baseOf(request: Pick<IncomingMessage, 'headers'>): string {
  const { headers } = request;
  const host = lastOf(headers['x-forwarded-host']) ?? headers.host ?? '';
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${hostName.test(host) ? host : 'localhost:5000'}${headers[PREFIX] ?? ''}`;
}
