import type { IncomingMessage } from 'node:http';
import { ProblemError, shown } from '@almanac/domain';
import { baseOf } from './public-address.ts';
import type { RateLimit } from './rate-limit.ts';

/** How curl sends the token. Without a quote in it: inside JSON those would have to be taken out by hand. */
export const CURL_TOKEN = '--oauth2-bearer $ALMANAC_WRITE_TOKEN';

export const needsToken = (request: IncomingMessage): ProblemError =>
  new ProblemError(
    'unauthorized',
    `${request.headers.authorization === undefined ? 'Changes need a write token here, and the request has none' : 'The write token of the request is not one that is valid here'}. Whoever runs this Almanac has it (ALMANAC_WRITE_TOKEN); with it:  ${curlLine(request)}`,
    { headers: { 'www-authenticate': 'Bearer realm="almanac"' } },
  );

/** The caller's own request with the token. What is odd in it is left out: the line is to be pasted into a shell. */
function curlLine(request: IncomingMessage): string {
  const { method, url = '/', headers } = request;
  const path = /^[\w/.~%?&=+,:@-]+$/.test(url) ? url : '/...';
  const type = /^[\w.+/-]+/.exec(headers['content-type'] ?? '')?.[0];
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  const body = hasBody ? `${type === undefined ? '' : ` -H 'Content-Type: ${type}'`} --data-binary @FILE` : '';
  return `curl -X ${method} ${CURL_TOKEN}${body} '${baseOf(request)}${path}'`;
}

export const tooMany = ({ burst, windowSeconds }: RateLimit, retrySeconds: number): ProblemError =>
  new ProblemError(
    'too-many-requests',
    `One client may send ${burst.toLocaleString('en')} requests at once here, and as many again in every ${windowSeconds} s. Try again in ${retrySeconds} s.`,
    { headers: { 'retry-after': String(retrySeconds) } },
  );

export const unknownHost = (host: string): ProblemError =>
  new ProblemError(
    'cross-site',
    `Host ${shown(host)} is not a name of this Almanac. Without a write token it serves IP addresses, localhost and the names in PUBLIC_HOSTS, so that no web page can reach it under a name of its own. Use its IP address, or set PUBLIC_HOSTS to the names that it has.`,
  );

export const crossSite = ({ headers }: IncomingMessage): ProblemError =>
  new ProblemError(
    'cross-site',
    `A page of another origin${headers.origin === undefined ? '' : `, ${shown(headers.origin)},`} may read here and not write. Set CORS_ORIGINS to the origins whose pages may; if this page is Almanac's own behind a proxy, pass its Host on or set PUBLIC_HOSTS.`,
  );

/** As for a path that is none: whoever comes from outside need not know that there are any. */
export const noMetricsHere = (): ProblemError =>
  new ProblemError('not-found', "There is nothing at '/metrics'. GET /help lists every route.");
