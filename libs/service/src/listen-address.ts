import { createServer } from 'node:net';

/**
 * The address to listen on for a value of HOST. `::` serves IPv4 too (its clients appear as ::ffff:a.b.c.d); on a machine without IPv6 it
 * cannot be opened, so 0.0.0.0 is used. Brackets are removed: `[::1]` is `::1`.
 */
export async function addressToListenOn(host: string): Promise<string> {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return address === '::' && !(await hasIpv6()) ? '0.0.0.0' : address;
}

export const hasIpv6 = (): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '::', port: 0 }, () => probe.close(() => resolve(true)));
  });
