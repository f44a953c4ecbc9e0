import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { domainToASCII } from 'node:url';
import { ConfigError } from '@almanac/service';

const authority = /^(?:\[([0-9a-f:.]+)(?:%[\w.%-]+)?\]|([\w.-]+))(?::\d{1,5})?$/i;

/** The name or address in a Host header, in lower case, without port, brackets, zone and the dot at the end; undefined if malformed. */
function nameIn(host: string): string | undefined {
  const [, address, name] = authority.exec(host) ?? [];
  return address?.toLowerCase() ?? name?.toLowerCase().replace(/\.$/, '');
}

/**
 * The host names that Almanac is reached by. A web page can give its own name any address (DNS rebinding) and then counts as the same site;
 * the Host header shows that name. An IP address, `localhost` and this machine's own name cannot be taken over in this way.
 */
export class KnownHosts {
  readonly #isOpen: boolean;
  /** accepted last: nearly every request has the same */
  #last: string | undefined;
  /** as configured, with the port if one was given */
  readonly #entries: ReadonlySet<string>;
  readonly #names: ReadonlySet<string>;

  /** `list`: names between commas, each with a port or without; `*` accepts every Host. Throws ConfigError. */
  constructor(list = '') {
    const entries = list
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    this.#isOpen = entries.includes('*');
    this.#entries = new Set(entries.filter((entry) => entry !== '*').map(inAscii));
    this.#names = new Set([...this.#entries].map((entry) => nameIn(entry) ?? entry).concat(hostname().toLowerCase()));
  }

  /** Whether a Host header (or X-Forwarded-Host) names this Almanac, whatever the port. */
  has(host: string): boolean {
    if (this.#isOpen || host === this.#last) return true;
    const name = nameIn(host);
    const isKnown = name !== undefined && (isIP(name) !== 0 || /(^|\.)localhost$/.test(name) || this.#names.has(name));
    if (isKnown) this.#last = host;
    return isKnown;
  }

  /** Whether the configured names have this host of an origin: with its port, or without one if the port is the scheme's default. */
  lists(originHost: string): boolean {
    return this.#entries.has(originHost);
  }
}

function inAscii(entry: string): string {
  const [, name = '', port = ''] = /^(.*?)(:\d{1,5})?$/s.exec(entry) ?? [];
  // What may stand around a name in a URL would be dropped silently.
  const ascii = /[\s/?#@\\:]/.test(name) ? '' : domainToASCII(name.replace(/\.$/, ''));
  if (ascii === '' || nameIn(ascii) === undefined)
    throw new ConfigError([`PUBLIC_HOSTS='${entry}' is not a host name: write names such as almanac.example.org, several between commas`]);
  return ascii + port;
}
