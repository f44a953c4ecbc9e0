import type { IncomingHttpHeaders } from 'node:http';
import { ConfigError } from '@almanac/service';
import type { KnownHosts } from './known-hosts.ts';

const shape = /^[a-z][\w+.-]*:\/\/[^\s/?#\\@,]+$/i;

/** An origin as browsers send it (RFC 6454): scheme, host, and the port if it is not the default. Undefined for `null` or invalid text. */
const parseOrigin = (text: string): URL | undefined => (shape.test(text) && URL.canParse(text) ? new URL(text) : undefined);

/** The origins whose pages may write: CORS_ORIGINS. Throws ConfigError. */
export class WritingOrigins {
  readonly #origins: ReadonlySet<string>;

  constructor(list = '') {
    const entries = list
      .split(',')
      .map((entry) => entry.trim().replace(/\/$/, ''))
      .filter((entry) => entry !== '');
    this.#origins = new Set(entries.map(checked));
  }

  has(origin: string): boolean {
    const url = parseOrigin(origin);
    return url !== undefined && this.#origins.has(`${url.protocol}//${url.host}`);
  }
}

function checked(entry: string): string {
  const url = parseOrigin(entry);
  if (url === undefined)
    throw new ConfigError([`CORS_ORIGINS='${entry}' is not an origin: use https://host or http://host:port; separate several with commas`]);
  return `${url.protocol}//${url.host}`;
}

/**
 * Whether a page of another origin sent the request. Browsers report it in Sec-Fetch-Site and Origin; other clients send neither. Another
 * port of the same host is another origin (`same-site`). `hosts`: the values of Host and of a trusted X-Forwarded-Host. Schemes are not
 * compared, because a proxy may terminate TLS.
 */
export function isCrossOrigin(headers: IncomingHttpHeaders, hosts: readonly (string | undefined)[], known: KnownHosts): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  if (headers.origin === undefined) return false;
  const origin = parseOrigin(headers.origin);
  if (origin === undefined) return true;
  return !known.lists(origin.host) && !hosts.some((host) => hostAt(origin.protocol, host) === origin.host);
}

/** The value of a Host header in the form of an origin's host: lower case, without the default port of the scheme. */
function hostAt(protocol: string, host = ''): string | undefined {
  const text = `${protocol}//${host}`;
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(text) ? new URL(text).host : undefined;
}
