import type { NetConnectOpts } from 'node:net';
import { ConfigError } from '@almanac/service';

/** One address of a service. */
export interface Target {
  /** as configured, for messages and metrics */
  name: string;
  connect: NetConnectOpts;
  /** until this time (performance.now) it gets no new connection if there are other addresses */
  avoidUntil: number;
}

/** Parses `unix:<path>` or `http://host:port` (IPv6 in brackets), or several separated by commas. Throws ConfigError. */
export function parseTargets(variable: string, text: string): Target[] {
  const names = text.split(',').map((part) => part.trim());
  return names.map((name) => ({ name, connect: parseTarget(variable, name), avoidUntil: 0 }));
}

function parseTarget(variable: string, name: string): NetConnectOpts {
  if (name.startsWith('unix:') && name.length > 'unix:'.length) return { path: name.slice('unix:'.length) };
  const url = URL.canParse(name) ? new URL(name) : undefined;
  if (url === undefined || url.protocol !== 'http:' || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new ConfigError([`${variable}='${name}' is not an address: use http://host:port or unix:<path>; separate several with commas`]);
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 80 : Number(url.port), noDelay: true };
}
