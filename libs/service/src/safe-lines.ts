import { requestLimits, shownAtMost } from '@almanac/domain';
import type { DestinationStream } from 'pino';
import { redacted, secretsIn } from './secrets.ts';

/** The maximum length of a text and of a stack trace in a line that is too long, in characters. */
const TEXT = 1000;
const STACK = 4000;
/** The fields that are kept if shortening the texts is not enough. */
const essential = ['level', 'time', 'service', 'host', 'reqId', 'msg'];

/** Redacts secrets in the JSON lines of a logger and shortens long lines. */
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

/** The line as JSON within the limit: long texts are shortened; if that is not enough, only the essential fields are kept. */
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
