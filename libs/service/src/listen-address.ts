import { createServer } from 'node:net';

/**
 * The address to listen on for a setting of HOST. `::` serves IPv4 too (its clients appear as ::ffff:a.b.c.d); a machine without IPv6 cannot
 * open it, so that 0.0.0.0 stands in. Brackets are taken off: `[::1]` is `::1`.
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
