import type { IncomingMessage } from 'node:http';
import { PREFIX } from '@almanac/service';
import { lastOf } from '../front/public-address.ts';

const hostName = /^[\w.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i;

/** Where the caller reached the gateway, for examples that work when they are pasted. Only shown, never followed. */
export function baseOf(request: Pick<IncomingMessage, 'headers'>): string {
  const { headers } = request;
  const host = lastOf(headers['x-forwarded-host']) ?? headers.host ?? '';
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${hostName.test(host) ? host : 'localhost:5000'}${headers[PREFIX] ?? ''}`;
}
