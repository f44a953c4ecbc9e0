import type { DestinationStream } from 'pino';

/** The position of a log call in the code. */
interface Caller {
  file: string;
  function: string;
  line: string;
}

const frame = /^\s*at (?:async )?(?:(?:new )?([^\s(]+)[^(]*\()?(?:file:\/\/)?(.*?):(\d+):\d+\)?$/;

/** The caller of the logger: the first stack frame outside node_modules and these files. */
export function callerOf(): Caller | undefined {
  const stack = new Error().stack?.split('\n').slice(2) ?? [];
  for (const line of stack) {
    const [, name, path, number] = frame.exec(line) ?? [];
    if (path === undefined || number === undefined || /node_modules|text-lines\.ts$|logger\.ts$|^node:/.test(path)) continue;
    return { file: path.split('/').at(-1) as string, function: name?.split('.').at(-1) ?? '<module>', line: number };
  }
  return undefined;
}

/** Rewrites the JSON lines of a logger in the format of the course: `[2024-02-21 12:00:00,000 host] file:function:line - LEVEL: message`. */
export class TextLines implements DestinationStream {
  readonly #destination: DestinationStream;

  constructor(destination: DestinationStream) {
    this.#destination = destination;
  }

  write(line: string): void {
    this.#destination.write(`${textLine(JSON.parse(line) as Record<string, unknown>)}\n`);
  }
}

function textLine({ time, level, host, service, msg, caller, err, ...rest }: Record<string, unknown>): string {
  const { file = service, function: name = '-', line = 0 } = (caller ?? {}) as Partial<Caller>;
  const when = String(time).replace('T', ' ').replace('.', ',').replace('Z', '');
  const more = Object.entries(rest).map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const trace = (err as { stack?: string } | undefined)?.stack;
  const words = `[${when} ${host}] ${file}:${name}:${line} - ${levels[String(level)] ?? String(level).toUpperCase()}: ${msg ?? ''}${more.join('')}`;
  return trace === undefined ? words : `${words}\n${trace}`;
}

/** Python's names of levels. */
const levels: Readonly<Record<string, string>> = { warn: 'WARNING', fatal: 'CRITICAL', trace: 'DEBUG' };
