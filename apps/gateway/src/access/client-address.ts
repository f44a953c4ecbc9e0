import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** IPv4 on a socket that serves IPv6 too is written as ::ffff:1.2.3.4, or as ::ffff:102:304: both are the client 1.2.3.4. */
function plain(address: string): string {
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
 * Who asks: the other end of the connection; behind `proxies` that are trusted, what the outermost of them wrote into X-Forwarded-For.
 * Each adds the address it was called from at the end, so what a client writes there itself stands further left and is not looked at.
 */
export function clientAddress({ socket, headers }: IncomingMessage, proxies: number): string {
  const peer = socket.remoteAddress === undefined ? 'unix' : plain(socket.remoteAddress);
  if (proxies === 0) return peer;
  const hops = String(headers['x-forwarded-for'] ?? '').split(',');
  const hop = plain(withoutPort((hops[Math.max(0, hops.length - proxies)] as string).trim()));
  return isIP(hop) === 0 ? peer : hop;
}

/** Some proxies add the port: `1.2.3.4:567`, `[::1]:567`. */
const withoutPort = (hop: string): string => /^\[([^\]]*)\](:\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
