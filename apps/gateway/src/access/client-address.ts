import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** On a dual-stack socket an IPv4 client appears as ::ffff:1.2.3.4 or ::ffff:102:304. Returns 1.2.3.4 for both. */
function unmapped(address: string): string {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  if (!/ffff:/i.test(address) || isIP(address) !== 6 || address.includes('%')) return address;
  const [, high, low] = /^\[::ffff:([0-9a-f]+):([0-9a-f]+)\]$/.exec(new URL(`http://[${address}]`).hostname) ?? [];
  if (high === undefined || low === undefined) return address;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE(Number.parseInt(high, 16), 0);
  bytes.writeUInt16BE(Number.parseInt(low, 16), 2);
  return bytes.join('.');
}

/**
 * The address of the client: the peer of the connection or, behind `proxies` trusted proxies, the address that the outermost of them
 * wrote into X-Forwarded-For. Each proxy appends the address of its peer, so what a client writes itself is further left and is ignored.
 */
export function clientAddress({ socket, headers }: IncomingMessage, proxies: number): string {
  const peer = socket.remoteAddress === undefined ? 'unix' : unmapped(socket.remoteAddress);
  if (proxies === 0) return peer;
  const hops = String(headers['x-forwarded-for'] ?? '').split(',');
  const hop = unmapped(withoutPort((hops[Math.max(0, hops.length - proxies)] as string).trim()));
  return isIP(hop) === 0 ? peer : hop;
}

/** Some proxies append the port: `1.2.3.4:567`, `[::1]:567`. */
const withoutPort = (hop: string): string => /^\[([^\]]*)\](:\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
