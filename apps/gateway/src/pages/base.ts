import type { IncomingMessage } from 'node:http';

const hostName = /^[\w.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/i;

/** Where the caller reached the gateway, for examples that work when they are pasted. Only shown, never followed. */
export function baseOf(request: Pick<IncomingMessage, 'headers'>): string {
  const host = request.headers.host ?? '';
  const scheme = request.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${hostName.test(host) ? host : 'localhost:5000'}`;
}
