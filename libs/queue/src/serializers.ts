import { readPickledString, writePickledString } from './pickled-string.ts';

/** How a message lies in the list. The names are those a serializer has in Python's HotQueue. */
export interface Serializer<T> {
  /** Throws TypeError for what it cannot write. */
  dumps(message: T): string | Buffer;
  /** Throws for bytes it cannot read; they are then an UnreadableElement. */
  loads(raw: Buffer): T;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function jsonText(message: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  const text: string | undefined = JSON.stringify(message, replacer);
  if (text === undefined || text === 'null') throw new TypeError(`cannot put ${String(message)}: it has no JSON text, or is null`);
  return text;
}

/**
 * What `HotQueue(..., serializer=json)` is in Python. Refuses null: a Python consumer would take it for the end of the queue.
 * Integers beyond 2^53 lose digits when they are read, as in all of JavaScript's JSON: `exactJson` keeps them, `raw` gives the text.
 */
export const json: Serializer<unknown> = { dumps: (message) => jsonText(message), loads: (raw) => JSON.parse(utf8.decode(raw)) };

// Both have been in V8 since Node 21; TypeScript's library does not know them yet.
type ReviverWithSource = (key: string, value: unknown, context: { source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: ReviverWithSource) => unknown;
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

/** JSON in which integers beyond 2^53 are bigints, as they are whole in Python. All else is as with `json`. */
export const exactJson: Serializer<unknown> = {
  dumps: (message) => jsonText(message, (_, value) => (typeof value === 'bigint' ? rawJSON(String(value)) : value)),
  loads: (raw) =>
    parseWithSource(utf8.decode(raw), (_, value, { source = '' }) =>
      typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value,
    ),
};

/** `serializer=None` in Python: the bytes as they are. A string is written as UTF-8. */
export const raw: Serializer<string | Buffer> = { dumps: (message) => message, loads: (bytes) => bytes };

/**
 * What Python's HotQueue does where no serializer is named, for strings and integers alone: it pickles them. Nothing is ever unpickled
 * here, because a pickle is a program; a reader that knows the form of a string and of an integer refuses everything else.
 */
export const pickledStrings: Serializer<string | number | bigint> = { dumps: writePickledString, loads: readPickledString };
