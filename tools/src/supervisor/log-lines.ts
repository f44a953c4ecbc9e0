import { bold, dim, paint } from '../system/output.ts';

/** Members of a log line that are not appended as name=value. */
const known = new Set(['level', 'time', 'pid', 'host', 'hostname', 'service', 'msg', 'reqId', 'requestId', 'err', 'v']);
const levelColours: Readonly<Record<string, number>> = { trace: 90, debug: 90, info: 32, warn: 33, error: 31, fatal: 31 };
const serviceColours: Readonly<Record<string, number>> = { gateway: 36, ingest: 33, query: 35, jobs: 32, renderer: 34 };

interface LogLine {
  level?: unknown;
  time?: unknown;
  msg?: unknown;
  reqId?: unknown;
  requestId?: unknown;
  err?: unknown;
}

/** Returns the time of a log line (RFC 3339), or undefined if it has none. */
export const timeOf = (line: string): string | undefined => {
  const time = parse(line)?.time;
  return typeof time === 'string' ? time : undefined;
};

/** Returns the level of a log line; info for a line that is not JSON. */
export const levelOf = (line: string): string => {
  const level = parse(line)?.level;
  return typeof level === 'string' ? level : 'info';
};

/** Formats a log line: time, level, service, message, other members; the stack of an error below. */
export function renderLine(service: string, line: string, width = 8): string {
  const name = paint(serviceColours[service.replace(/-\d+$/, '')] ?? 90, service.padEnd(width));
  const entry = parse(line);
  if (entry === undefined) return `${dim(' '.repeat(8))}       ${name} ${line}`;
  const level = typeof entry.level === 'string' ? entry.level : 'info';
  const time = typeof entry.time === 'string' ? entry.time.slice(11, 19) : ' '.repeat(8);
  const text = [String(entry.msg ?? ''), members(entry), requestIdOf(entry)].filter((part) => part !== '').join(' ');
  const first = `${dim(time)} ${paint(levelColours[level] ?? 0, level.padEnd(5))}  ${name} ${level === 'error' || level === 'fatal' ? bold(text) : text}`;
  return [first, ...stackLines(entry.err).map((l) => `${' '.repeat(16 + width)}${dim(l)}`)].join('\n');
}

function parse(line: string): (LogLine & Record<string, unknown>) | undefined {
  if (!line.startsWith('{')) return parseStoreLine(line);
  try {
    const entry = JSON.parse(line) as unknown;
    return typeof entry === 'object' && entry !== null && 'level' in entry ? (entry as LogLine & Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Redis and Valkey write `1234:M 24 Nov 2026 03:35:00.123 * message`; # marks a warning, which may be only advice. */
function parseStoreLine(line: string): (LogLine & Record<string, unknown>) | undefined {
  const [, when, mark, msg] = /^\d+:[A-Z] (\d+ \w+ \d+ [\d:.]+) ([.*#-]) (.*)$/.exec(line) ?? [];
  if (when === undefined || msg === undefined) return undefined;
  const time = new Date(`${when}`);
  const isTrouble = mark === '#' && /error|fail|corrupt|denied|can't|oom/i.test(msg) && !/overcommit|backlog/i.test(msg);
  return { level: isTrouble ? 'warn' : 'info', msg, ...(Number.isNaN(time.valueOf()) ? {} : { time: time.toISOString() }) };
}

/** Formats a request as `PUT /v1/datasets/x 201 12 ms`, and other members as name=value. */
function members(entry: Record<string, unknown>): string {
  const { method, url, status, ms, ...rest } = entry;
  const request =
    typeof url === 'string'
      ? [method, url, status, ms === undefined ? undefined : `${ms} ms`].filter((v) => v !== undefined).join(' ')
      : '';
  const others = Object.entries(typeof url === 'string' ? rest : entry)
    .filter(([name]) => !known.has(name))
    .map(([name, value]) => dim(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`));
  return [request, ...others].filter((part) => part !== '').join(' ');
}

const requestIdOf = ({ reqId, requestId }: LogLine): string => {
  const id = requestId ?? reqId;
  return typeof id === 'string' ? dim(`[${id}]`) : '';
};

function stackLines(error: unknown): string[] {
  if (typeof error === 'string') return [error];
  if (typeof error !== 'object' || error === null) return [];
  const { stack, message } = error as { stack?: unknown; message?: unknown };
  return typeof stack === 'string' ? stack.split('\n') : typeof message === 'string' ? [message] : [];
}
