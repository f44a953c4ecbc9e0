import type { ResponseHead } from './response-head.ts';

/** The status of a response's head; undefined: it is none. */
export function statusOf(head: string): number | undefined {
  const status = Number(head.slice(9, 12));
  return head.startsWith('HTTP/1.1 ') && status >= 100 && status <= 599 ? status : undefined;
}

const START = Buffer.from('HTTP/1.1 ');

/** Whether the bytes from `at`, if there are any, can be the beginning of a response. */
export function mayBeResponse(bytes: Buffer, at: number): boolean {
  if (at === bytes.length) return true;
  const end = Math.min(bytes.length, at + START.length);
  return bytes.compare(START, 0, end - at, at, end) === 0;
}

/** The length of a quick response's body; undefined where the response is none: no length, too long, informational. */
export function quickLength(status: number, head: ResponseHead, most: number): number | undefined {
  if (status === 304 || status === 204) return 0;
  if (!(status >= 200) || head.isChunked || head.length === undefined || !(head.length <= most)) return undefined;
  return head.length;
}

/** The lines after the status line as name, value, name, value, ... */
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
