import { requestLimits, shownAtMost } from '@almanac/domain';
import { REDACTED } from './secrets.ts';

/** A request's URL for its log line: without the values of parameters that hold a secret, and cut. A name may be percent-encoded. */
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
    // What cannot be decoded may still be read by a lenient parser: its escapes are decoded one by one.
    return name.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  }
}
