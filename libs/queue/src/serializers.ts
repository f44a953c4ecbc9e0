import { readPickledString, writePickledString } from './pickled-string.ts';

/** Converts messages to list elements and back. The names are those of serializers in Python's HotQueue. */
export interface Serializer<T> {
  /** Throws TypeError for a message that it cannot write. */
  dumps(message: T): string | Buffer;
  /** Throws for bytes that it cannot read; the queue then throws UnreadableElement. */
  loads(raw: Buffer): T;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function jsonText(message: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  const text: string | undefined = JSON.stringify(message, replacer);
  if (text === undefined || text === 'null') throw new TypeError(`message: ${String(message)} must have a JSON text, and not be null`);
  return text;
}

/**
 * Like `HotQueue(..., serializer=json)` in Python. Rejects null: a Python consumer would take it for the end of the queue.
 * Integers beyond 2^53 lose digits when read, as always in JavaScript's JSON: `exactJson` keeps them, `raw` returns the text.
 */
export const json: Serializer<unknown> = { dumps: (message) => jsonText(message), loads: (raw) => JSON.parse(utf8.decode(raw)) };

// Both are in V8 since Node 21, but not in TypeScript's library.
type ReviverWithSource = (key: string, value: unknown, context: { source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: ReviverWithSource) => unknown;
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

/** Like `json`, but integers beyond 2^53 are bigints, so that they keep all digits as in Python. */
export const exactJson: Serializer<unknown> = {
  dumps: (message) => jsonText(message, (_, value) => (typeof value === 'bigint' ? rawJSON(String(value)) : value)),
  loads: (raw) =>
    parseWithSource(utf8.decode(raw), (_, value, { source = '' }) =>
      typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value,
    ),
};

/** Like `serializer=None` in Python: bytes without conversion. A string is written as UTF-8. */
export const raw: Serializer<string | Buffer> = { dumps: (message) => message, loads: (bytes) => bytes };

/**
 * The default of Python's HotQueue, for strings and integers only: pickle. Nothing is ever unpickled, because a pickle is a program: a reader
 * recognizes the form of a string and of an integer, and rejects everything else.
 */
export const pickledStrings: Serializer<string | number | bigint> = { dumps: writePickledString, loads: readPickledString };
