import type { ResponseHead } from './response-head.ts';

/** The status code in the head of a response; undefined if it is malformed. */
export function statusOf(head: string): number | undefined {
  const status = Number(head.slice(9, 12));
  return head.startsWith('HTTP/1.1 ') && status >= 100 && status <= 599 ? status : undefined;
}

const START = Buffer.from('HTTP/1.1 ');

/** Whether the bytes from `at` can be the start of a response. */
export function mayBeResponse(bytes: Buffer, at: number): boolean {
  if (at === bytes.length) return true;
  const end = Math.min(bytes.length, at + START.length);
  return bytes.compare(START, 0, end - at, at, end) === 0;
}

/** The body length of a quick response; undefined if it breaks the rules: no length, too long, or informational. */
export function quickLength(status: number, head: ResponseHead, maxBytes: number): number | undefined {
  if (status === 304 || status === 204) return 0;
  if (!(status >= 200) || head.isChunked || head.length === undefined || !(head.length <= maxBytes)) return undefined;
  return head.length;
}

/** The header lines after the status line: name, value, name, value, ... */
export function splitLines(text: string): string[] {
  const list: string[] = [];
  for (let at = text.indexOf('\r\n'); at >= 0; ) {
    const end = text.indexOf('\r\n', at + 2);
    const colon = text.indexOf(':', at);
    list.push(text.slice(at + 2, colon), text.slice(colon + 1, end < 0 ? undefined : end).trim());
    at = end;
  }
  return list;
}
