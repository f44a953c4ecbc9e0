import type { IncomingMessage } from 'node:http';
import { ProblemError, shown } from '@almanac/domain';
import { baseOf } from './public-address.ts';
import type { RateLimit } from './rate-limit.ts';

/** The curl option that sends the token. It has no quotes, because in JSON a reader would have to unescape them. */
export const CURL_TOKEN = '--oauth2-bearer $ALMANAC_WRITE_TOKEN';

export const needsToken = (request: IncomingMessage): ProblemError =>
  new ProblemError(
    'unauthorized',
    `${request.headers.authorization === undefined ? 'Write requests require a write token, and the request has none' : 'The write token is not valid'}. Ask the operator for ALMANAC_WRITE_TOKEN, then:  ${curlLine(request)}`,
    { headers: { 'www-authenticate': 'Bearer realm="almanac"' } },
  );

/** The caller's request with the token, safe to paste into a shell: unusual characters are left out. */
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
    `Rate limit exceeded: a client may send ${burst.toLocaleString('en')} requests every ${windowSeconds} s. Retry in ${retrySeconds} s.`,
    { headers: { 'retry-after': String(retrySeconds) } },
  );

export const unknownHost = (host: string): ProblemError =>
  new ProblemError(
    'cross-site',
    `Host ${shown(host)} is not a known name of this server. Without a write token, Host must be an IP address, localhost or a name in PUBLIC_HOSTS (protection against DNS rebinding). Use the IP address, or add the name to PUBLIC_HOSTS.`,
  );

export const crossSite = ({ headers }: IncomingMessage): ProblemError =>
  new ProblemError(
    'cross-site',
    `A web page of another origin${headers.origin === undefined ? '' : `, ${shown(headers.origin)},`} may read but not write. Add the origin to CORS_ORIGINS. If the page is Almanac's own behind a proxy, let the proxy forward the Host header, or set PUBLIC_HOSTS.`,
  );

/** The same text as for an unknown path: callers from outside need not know that metrics exist. */
export const noMetricsHere = (): ProblemError =>
  new ProblemError('not-found', "There is nothing at '/metrics'. GET /help lists every route.");
