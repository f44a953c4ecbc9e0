import type { NetConnectOpts } from 'node:net';
import { ConfigError } from '@almanac/service';

/** One place a service is reached at. */
export interface Target {
  /** for messages and metrics: as it was configured */
  name: string;
  connect: NetConnectOpts;
  /** until when (performance.now) it gets no new connection, where there are others */
  avoidUntil: number;
}

/** Reads `unix:<path>`, `http://host:port` (IPv6 in brackets), or several of them between commas. Throws ConfigError. */
export function parseTargets(variable: string, text: string): Target[] {
  const names = text.split(',').map((part) => part.trim());
  return names.map((name) => ({ name, connect: parseTarget(variable, name), avoidUntil: 0 }));
}

function parseTarget(variable: string, name: string): NetConnectOpts {
  if (name.startsWith('unix:') && name.length > 'unix:'.length) return { path: name.slice('unix:'.length) };
  const url = URL.canParse(name) ? new URL(name) : undefined;
  if (url === undefined || url.protocol !== 'http:' || url.pathname !== '/' || url.search !== '' || url.username !== '') {
    throw new ConfigError([`${variable}='${name}' is not an address: write http://host:port or unix:<path>, several between commas`]);
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 80 : Number(url.port), noDelay: true };
}
