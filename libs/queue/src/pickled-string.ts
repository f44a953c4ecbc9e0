const utf8 = new TextDecoder('utf-8', { fatal: true });
const ascii = (bytes: Buffer): string => {
  if (bytes.some((byte) => byte > 0x7f)) throw new SyntaxError('pickle: a byte string must be ASCII');
  return bytes.toString('latin1');
};

/** Writes pickle protocol 2, which each Python since 2.3 reads. Throws TypeError unless the value is a well-formed string or an integer. */
export function writePickledString(value: string | number | bigint): Buffer {
  const body = typeof value === 'string' ? unicode(value) : integer(value);
  return Buffer.concat([Buffer.from([0x80, 2]), body, Buffer.from('.')]);
}

function unicode(text: string): Buffer {
  if (typeof text !== 'string' || !text.isWellFormed()) throw new TypeError('pickle: a string must be well-formed Unicode');
  const bytes = Buffer.from(text);
  const head = Buffer.from('X____');
  head.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** LONG1: a length, then the number in two's complement, little-endian. */
function integer(value: number | bigint): Buffer {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value))
    throw new TypeError(`pickle: ${String(value)} must be a string or an integer`);
  let rest = BigInt(value);
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!((rest === 0n && (bytes.at(-1) as number) < 0x80) || (rest === -1n && (bytes.at(-1) as number) >= 0x80)));
  if (bytes.length > 0xff) throw new TypeError('pickle: an integer must have at most 255 bytes');
  return Buffer.from([0x8a, bytes.length, ...bytes]);
}

/**
 * Reads the pickle of one string or one integer, as Python 2 and 3 write it in protocols 0 to 5. It recognizes only these opcodes: values,
 * memo and frame, which a pickle of one value does not use, and the end. Throws SyntaxError for all others.
 */
export function readPickledString(pickle: Buffer): string | number | bigint {
  const at = new Reader(pickle);
  let value: string | bigint | undefined;
  for (;;) {
    const opcode = at.byte();
    if (opcode === STOP) break;
    const note = notes[opcode];
    const read = values[opcode];
    if (note !== undefined) note(at);
    else if (read !== undefined && value === undefined) value = read(at);
    else throw new SyntaxError(`pickle: opcode ${opcode} is not allowed, only one string or integer`);
  }
  if (value === undefined || !at.isAtEnd) throw new SyntaxError('pickle: must hold exactly one value');
  if (typeof value === 'string') return value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

const code = (letter: string) => letter.charCodeAt(0);
const STOP = code('.');

const notes: Record<number, (at: Reader) => unknown> = {
  128: (at) => at.byte(), // PROTO
  149: (at) => at.take(8), // FRAME
  148: () => {}, // MEMOIZE
  [code('q')]: (at) => at.byte(), // BINPUT
  [code('r')]: (at) => at.take(4), // LONG_BINPUT
  [code('p')]: (at) => at.line(), // PUT
};

const values: Record<number, (at: Reader) => string | bigint> = {
  140: (at) => utf8.decode(at.take(at.byte())), // SHORT_BINUNICODE
  [code('X')]: (at) => utf8.decode(at.take(at.length(4))), // BINUNICODE
  141: (at) => utf8.decode(at.take(at.length(8))), // BINUNICODE8
  [code('V')]: (at) => unescaped(at.line()), // UNICODE
  [code('U')]: (at) => ascii(at.take(at.byte())), // SHORT_BINSTRING
  [code('T')]: (at) => ascii(at.take(at.length(4))), // BINSTRING
  [code('S')]: (at) => quoted(at.line()), // STRING
  [code('K')]: (at) => BigInt(at.byte()), // BININT1
  [code('M')]: (at) => BigInt(at.length(2)), // BININT2
  [code('J')]: (at) => twosComplement(at.take(4)), // BININT
  138: (at) => twosComplement(at.take(at.byte())), // LONG1
  139: (at) => twosComplement(at.take(at.length(4))), // LONG4
  [code('I')]: (at) => decimal(at.line(), /^(?:0|-?[1-9]\d*)$/), // INT; 'I00' and 'I01' are False and True
  [code('L')]: (at) => decimal(at.line(), /^-?\d+L?$/), // LONG
};

const twosComplement = (bytes: Buffer): bigint =>
  bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`));

function decimal(line: string, form: RegExp): bigint {
  if (!form.test(line)) throw new SyntaxError('an integer that is not written as one');
  return BigInt(line.replace('L', ''));
}

/** Python's raw-unicode-escape. */
const unescaped = (line: string): string =>
  line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short: string | undefined, long: string) =>
    String.fromCodePoint(Number.parseInt(short ?? long, 16)),
  );

/** A byte string as Python 2 shows it, with the plainest of its escapes. */
function quoted(line: string): string {
  const inside = /^(['"])((?:[^\\]|\\[\\'"])*)\1$/.exec(line)?.[2];
  if (inside === undefined) throw new SyntaxError('a byte string with escapes that are not read');
  return ascii(Buffer.from(inside.replace(/\\(.)/g, '$1'), 'latin1'));
}

/** Goes through the bytes, and throws where they end too early. */
class Reader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  take(length: number): Buffer {
    if (this.#offset + length > this.#bytes.length) throw new SyntaxError('a pickle that ends too early');
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  /** An unsigned number, lowest byte first. */
  length(bytes: 2 | 4 | 8): number {
    return Number(BigInt(`0x${Buffer.from(this.take(bytes)).reverse().toString('hex')}`));
  }

  /** Up to the next newline, which is passed over. */
  line(): string {
    const end = this.#bytes.indexOf('\n', this.#offset);
    if (end < 0) throw new SyntaxError('a pickle that ends too early');
    const text = this.take(end - this.#offset).toString('latin1');
    this.#offset++;
    return text;
  }
}
