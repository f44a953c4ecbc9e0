/** Response headers that are hop-by-hop, or that the gateway sets itself. */
const ownOfResponse = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
]);

const connectionOptions = new Set(['', 'close', 'keep-alive', 'content-length']);

/** The headers of a response as the gateway forwards them. */
export interface ResponseHead {
  /** name, value, name, value, ... */
  list: string[];
  /** the x-request-id; undefined if absent */
  id: string | undefined;
  /** Content-Length in bytes; undefined if absent, NaN if it is not a single number */
  length: number | undefined;
  isChunked: boolean;
  /** the service closes the connection after this response */
  isLast: boolean;
}

/** `raw`: the headers as the service sent them: name, value, name, value, ... */
export function readResponseHead(raw: readonly string[]): ResponseHead {
  const head: ResponseHead = { list: [], id: undefined, length: undefined, isChunked: false, isLast: false };
  let listed: Set<string> | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const value = raw[i + 1] as string;
    const lower = name.toLowerCase();
    if (!ownOfResponse.has(lower)) head.list.push(name, value);
    if (lower === 'x-request-id') head.id = value;
    else if (lower === 'content-length') head.length = head.length === undefined && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    else if (lower === 'transfer-encoding') head.isChunked = true;
    else if (lower === 'connection' && value !== 'keep-alive') {
      const options = value
        .toLowerCase()
        .split(',')
        .map((part) => part.trim());
      head.isLast ||= options.includes('close');
      listed = new Set([...(listed ?? []), ...options.filter((option) => !connectionOptions.has(option))]);
    }
  }
  if (listed !== undefined) head.list = without(head.list, listed);
  return head;
}

const without = (list: readonly string[], names: ReadonlySet<string>): string[] =>
  list.filter((_, i) => !names.has((list[i - (i % 2)] as string).toLowerCase()));
