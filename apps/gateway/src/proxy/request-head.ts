/** How the gateway treats a header of a request. */
type HeaderRule = 'keep' | 'drop' | 'connection' | 'length' | 'coding' | 'host' | 'id' | 'alone' | 'prefer' | 'upgrade';

/** The headers that are not simply forwarded: hop-by-hop (RFC 9110, 7.6.1), set by the gateway, or read to choose a connection. */
const rules = new Map<string, HeaderRule>([
  ...['keep-alive', 'proxy-connection', 'te', 'trailer', 'proxy-authorization', 'expect', 'forwarded', 'x-real-ip'].map(
    (name): [string, HeaderRule] => [name, 'drop'],
  ),
  // The write token is for the gateway only; the services do not check it.
  ['authorization', 'drop'],
  ['connection', 'connection'],
  ['content-length', 'length'],
  ['transfer-encoding', 'coding'],
  ['host', 'host'],
  ['x-request-id', 'id'],
  ['upgrade', 'upgrade'],
  // Both can make the response long or slow, so the request gets a connection of its own.
  ['prefer', 'prefer'],
  ['range', 'alone'],
]);

/** The rules by spelling, so that a name is lower-cased once and not in every request. Bounded, because clients choose the spelling. */
const spellings = new Map<string, HeaderRule>(rules);

function ruleOf(name: string): HeaderRule {
  const known = spellings.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const rule = rules.get(lower) ?? (lower.startsWith('x-forwarded-') ? 'drop' : 'keep');
  if (spellings.size < 1000 && name.length < 64) spellings.set(name, rule);
  return rule;
}

/** What the gateway reads in the head of a request before it forwards it. */
export interface RequestHead {
  /** the reason why the request is refused */
  wrong: string | undefined;
  host: string;
  /** the client's own x-request-id */
  id: string | undefined;
  /** Content-Length in bytes; undefined if absent */
  length: number | undefined;
  isChunked: boolean;
  /** must not share a connection: it has a body, or its response may be long */
  isAlone: boolean;
  /** asks the service to wait for a job: `Prefer: wait=10` */
  isPatient: boolean;
  /** has an Upgrade header. The parser drops what the client sent after it, so the connection cannot be reused */
  isUpgrade: boolean;
  /** header names (lower case) that `Connection` lists: they are not forwarded */
  listed: ReadonlySet<string> | undefined;
}

/** Reads raw headers (name, value, ...). Refuses what Node's parser accepts but a service might interpret differently. */
export function readRequestHead(raw: readonly string[]): RequestHead {
  const head: RequestHead = {
    wrong: undefined,
    host: '',
    id: undefined,
    length: undefined,
    isChunked: false,
    isAlone: false,
    isPatient: false,
    isUpgrade: false,
    listed: undefined,
  };
  let hosts = 0;
  for (let i = 0; i < raw.length; i += 2) {
    const rule = ruleOf(raw[i] as string);
    if (rule === 'keep' || rule === 'drop') continue;
    const value = raw[i + 1] as string;
    if (rule === 'host') {
      hosts++;
      head.host = value;
    } else if (rule === 'id') head.id = value;
    else if (rule === 'alone') head.isAlone = true;
    else if (rule === 'prefer') readPrefer(head, value);
    else if (rule === 'upgrade') head.isUpgrade = true;
    else if (rule === 'length') readLength(head, value);
    else if (rule === 'coding') readCoding(head, value);
    else readConnection(head, value);
  }
  if (hosts > 1) head.wrong = 'The request has more than one Host header.';
  return head;
}

function readPrefer(head: RequestHead, value: string): void {
  head.isAlone = true;
  head.isPatient ||= /\bwait\b/i.test(value);
}

function readLength(head: RequestHead, value: string): void {
  if (!/^\d{1,15}$/.test(value) || head.length !== undefined || head.isChunked)
    head.wrong = 'Content-Length must be a single decimal number.';
  head.length = Number(value);
  head.isAlone = true;
}

function readCoding(head: RequestHead, value: string): void {
  if (value.toLowerCase() !== 'chunked' || head.isChunked || head.length !== undefined) {
    head.wrong = "Transfer-Encoding must be 'chunked', once and without a Content-Length. Use Content-Encoding for compression.";
  }
  head.isChunked = true;
  head.isAlone = true;
}

/** These delimit a message and identify it: `Connection: content-length` must not remove them. */
const never = new Set(['content-length', 'transfer-encoding', 'host', 'connection', 'x-request-id']);

function readConnection(head: RequestHead, value: string): void {
  if (value === 'keep-alive' || value === 'close' || value === 'Keep-Alive') return;
  const names = value.split(',').map((name) => name.trim().toLowerCase());
  const listed = names.filter((name) => name !== '' && name !== 'keep-alive' && name !== 'close' && !never.has(name));
  if (listed.length > 0) head.listed = new Set([...(head.listed ?? []), ...listed]);
}

const passes = (name: string, head: RequestHead): boolean => {
  const rule = ruleOf(name);
  if (rule !== 'keep' && rule !== 'alone' && rule !== 'prefer') return false;
  return head.listed === undefined || !head.listed.has(name.toLowerCase());
};

/** The forwarded headers as text, each line ending with CRLF. */
export function passedLines(raw: readonly string[], head: RequestHead): string {
  let lines = '';
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (passes(name, head)) lines += `${name}: ${raw[i + 1]}\r\n`;
  }
  return lines;
}

/** The same as a list: name, value, name, value, ... */
export function passedList(raw: readonly string[], head: RequestHead): string[] {
  const list: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (passes(name, head)) list.push(name, raw[i + 1] as string);
  }
  return list;
}
