import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The client that a request counts for, in a service behind the gateway: the network in X-Forwarded-For, else that of the connection.
 * Only the gateway can reach a service, so the header is trusted.
 */
export const callerOf = ({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string =>
  networkOf(String(headers['x-forwarded-for'] ?? socket?.remoteAddress ?? 'local'));

/** The part of an address that identifies a client: all of it, or the first 64 bits of IPv6, because a client usually owns a whole /64. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [left = '', right] = (address.split('%', 1)[0] as string).split('::').map((part) => (part === '' ? [] : part.split(':')));
  const rest = right === undefined ? [] : [...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  const groups = [...left, ...rest].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
