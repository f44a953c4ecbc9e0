import type { IncomingMessage } from 'node:http';
import { shown } from '@almanac/domain';
import type { RequestHead } from '../proxy/request-head.ts';

/** The reason why the head of a request is invalid, beyond what Node's parser checks; undefined if it is valid. */
export const headFault = (head: RequestHead, request: IncomingMessage): string | undefined =>
  head.wrong ?? hostFault(head, request) ?? codingFault(head, request) ?? targetFault(request.url as string);

const hostFault = ({ host }: RequestHead, { httpVersionMinor }: IncomingMessage): string | undefined =>
  host === '' && httpVersionMinor > 0 ? 'The request has no Host header.' : undefined;

/** The end of a chunked HTTP/1.0 message is ambiguous (RFC 9112, 6.1). */
const codingFault = ({ isChunked }: RequestHead, { httpVersionMinor }: IncomingMessage): string | undefined =>
  isChunked && httpVersionMinor === 0 ? 'Transfer-Encoding is not allowed in HTTP/1.0. Send a Content-Length.' : undefined;

const dotSegment = /(^|\/)(\.|%2e){1,2}(\/|\?|$)/i;

/** The target must be a path without `.` and `..`, because a service might resolve them differently. */
function targetFault(url: string): string | undefined {
  if (url.charCodeAt(0) !== 47) return `The request target ${shown(url)} must be a path that starts with /.`;
  if ((url.includes('/.') || url.includes('%2')) && dotSegment.test(url.split('?', 1)[0] as string)) {
    return `The path ${shown(url)} must not contain '.' or '..' as a segment.`;
  }
  return undefined;
}
