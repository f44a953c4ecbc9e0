import { BlockList, isIP } from 'node:net';
import { ConfigError } from '@almanac/service';

/** Loopback, and the ranges that are not routed on the internet: machines and pods of the same network. */
export const PRIVATE_NETWORKS = '127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,169.254.0.0/16,fc00::/7,fe80::/10';

/** A set of addresses: networks in CIDR notation or single addresses, separated by commas; `none` is the empty set. Throws ConfigError. */
export class Networks {
  readonly #list = new BlockList();

  constructor(variable: string, text: string) {
    for (const entry of text.split(',').map((part) => part.trim())) if (entry !== '' && entry !== 'none') this.#add(variable, entry);
  }

  #add(variable: string, entry: string): void {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address);
    const maxBits = family === 4 ? 32 : 128;
    const length = bits === undefined ? maxBits : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if (family === 0 || !(length <= maxBits))
      throw new ConfigError([`${variable}='${entry}' is not a network: use 10.0.0.0/8, fc00::/7 or none; separate several with commas`]);
    this.#list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
  }

  has(address: string): boolean {
    const withoutZone = address.split('%', 1)[0] as string;
    const family = isIP(withoutZone);
    return family !== 0 && this.#list.check(withoutZone, family === 4 ? 'ipv4' : 'ipv6');
  }
}
