import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The caller that a request counts for, in a service behind the gateway: the network that the gateway names, else that of the connection.
 * Callers outside the gateway's host cannot reach a service, so the header is the gateway's own.
 */
export const callerOf = ({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string =>
  networkOf(String(headers['x-forwarded-for'] ?? socket?.remoteAddress ?? 'local'));

/** The part of an address that is one client: all of it, or of IPv6 the first 64 bits, because whoever has one address there has them all. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [left = '', right] = (address.split('%', 1)[0] as string).split('::').map((part) => (part === '' ? [] : part.split(':')));
  const rest = right === undefined ? [] : [...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  const groups = [...left, ...rest].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
