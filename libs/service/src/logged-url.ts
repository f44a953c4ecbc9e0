import { requestLimits, shownAtMost } from '@almanac/domain';
import { REDACTED } from './secrets.ts';

/** The URL of a request for the log: shortened, and without the values of secret parameters. A name may be percent-encoded. */
export function loggedUrl(url: string): string {
  const start = url.indexOf('?');
  const query = start < 0 ? '' : url.slice(start + 1);
  const safe = /token|secret|passw|%/i.test(query) ? `${url.slice(0, start)}?${query.split('&').map(withoutSecret).join('&')}` : url;
  return shownAtMost(safe, requestLimits.logUrlCharacters.value);
}

function withoutSecret(parameter: string): string {
  const [name = ''] = parameter.split('=');
  return /token|secret|passw/i.test(decodedName(name)) ? `${name}=${REDACTED}` : parameter;
}

function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A lenient parser may still decode an invalid name: its escapes are decoded one by one.
    return name.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  }
}
