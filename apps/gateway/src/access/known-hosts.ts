import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { domainToASCII } from 'node:url';
import { ConfigError } from '@almanac/service';

const authority = /^(?:\[([0-9a-f:.]+)(?:%[\w.%-]+)?\]|([\w.-]+))(?::\d{1,5})?$/i;

/** The name or address in a Host header, in lower case, without port, brackets, zone and trailing dot; undefined if malformed. */
function nameIn(host: string): string | undefined {
  const [, address, name] = authority.exec(host) ?? [];
  return address?.toLowerCase() ?? name?.toLowerCase().replace(/\.$/, '');
}

/**
 * The host names of this Almanac. A web page can point its own name at any address (DNS rebinding) and then counts as the same site; the
 * Host header reveals that name. An IP address, `localhost` and the name of this machine cannot be rebound.
 */
export class KnownHosts {
  readonly #isOpen: boolean;
  /** the last accepted value: nearly every request has the same one */
  #last: string | undefined;
  /** as configured, with the port if it has one */
  readonly #entries: ReadonlySet<string>;
  readonly #names: ReadonlySet<string>;

  /** `list`: names with or without a port, separated by commas; `*` accepts every Host. Throws ConfigError. */
  constructor(list = '') {
    const entries = list
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    this.#isOpen = entries.includes('*');
    this.#entries = new Set(entries.filter((entry) => entry !== '*').map(inAscii));
    this.#names = new Set([...this.#entries].map((entry) => nameIn(entry) ?? entry).concat(hostname().toLowerCase()));
  }

  /** Whether the value of Host (or X-Forwarded-Host) is a known name, with any port. */
  has(host: string): boolean {
    if (this.#isOpen || host === this.#last) return true;
    const name = nameIn(host);
    const isKnown = name !== undefined && (isIP(name) !== 0 || /(^|\.)localhost$/.test(name) || this.#names.has(name));
    if (isKnown) this.#last = host;
    return isKnown;
  }

  /** Whether the host of an origin is configured: with its port, or without one if the port is the default of the scheme. */
  lists(originHost: string): boolean {
    return this.#entries.has(originHost);
  }
}

function inAscii(entry: string): string {
  const [, name = '', port = ''] = /^(.*?)(:\d{1,5})?$/s.exec(entry) ?? [];
  // domainToASCII silently drops the other parts of a URL.
  const ascii = /[\s/?#@\\:]/.test(name) ? '' : domainToASCII(name.replace(/\.$/, ''));
  if (ascii === '' || nameIn(ascii) === undefined)
    throw new ConfigError([`PUBLIC_HOSTS='${entry}' is not a host name: use names such as almanac.example.org, separated by commas`]);
  return ascii + port;
}
