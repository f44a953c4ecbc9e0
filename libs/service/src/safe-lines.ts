import { requestLimits, shownAtMost } from '@almanac/domain';
import type { DestinationStream } from 'pino';
import { redacted, secretsIn } from './secrets.ts';

/** Characters of one text in a line that is too long, and of the stack of an error. */
const TEXT = 1000;
const STACK = 4000;
/** What of a line is kept if cutting its texts is not enough. */
const essential = ['level', 'time', 'service', 'host', 'reqId', 'msg'];

/** Passes on the JSON lines of a logger without secrets, and none longer than the limit. */
export class SafeLines implements DestinationStream {
  readonly #destination: DestinationStream;
  readonly #secrets: readonly string[];

  constructor(destination: DestinationStream, env: NodeJS.ProcessEnv = process.env) {
    this.#destination = destination;
    this.#secrets = secretsIn(env);
  }

  write(line: string): void {
    this.#destination.write(bounded(redacted(line, this.#secrets)));
  }
}

/** A line within the limit: its long texts are cut, and if that does not do, all but what names it is left out. It stays JSON. */
export function bounded(line: string, most = requestLimits.logLineCharacters.value): string {
  if (line.length <= most) return line;
  const whole = JSON.parse(line) as Record<string, unknown>;
  const cut = `${JSON.stringify(shortened(whole))}\n`;
  if (cut.length <= most) return cut;
  const kept = Object.fromEntries(essential.flatMap((name) => (name in whole ? [[name, shortened(whole[name])]] : [])));
  return `${JSON.stringify({ ...kept, cutFrom: line.length })}\n`;
}

function shortened(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return shownAtMost(value, name === 'stack' ? STACK : TEXT);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => shortened(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [shownAtMost(key, TEXT), shortened(item, key)]));
}
