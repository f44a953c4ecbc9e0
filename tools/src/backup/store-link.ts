import type { Socket } from 'node:net';
import { type Address, authWords, encode, open } from '../store/ping.ts';

/** One connection to a store, with the few commands that a backup needs. */
export class StoreLink {
  readonly #socket: Socket;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  static async open(address: Address): Promise<StoreLink> {
    const link = new StoreLink(open(address));
    const auth = authWords(address);
    if (auth.length > 0) {
      link.#send(auth);
      await link.#line().catch((error) => {
        link.close();
        throw error;
      });
    }
    return link;
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(words: readonly string[]): void {
    this.#socket.write(encode(words));
  }

  /** Sends a command. Returns the reply as text. */
  async text(...words: string[]): Promise<string> {
    this.#send(words);
    let text = '';
    for await (const part of this.#bytes(lengthIn(await this.#line()))) text += part.toString('latin1');
    return text;
  }

  /**
   * Yields all data as an RDB file, in pieces. SYNC is the command of the oldest replicas: the store forks and sends the length, then the
   * file. What it sends after that is not read.
   */
  async *snapshot(): AsyncGenerator<Buffer> {
    this.#send(['SYNC']);
    yield* this.#bytes(lengthIn(await this.#line()));
  }

  /** Skips empty lines, which the store sends while it works on the file. */
  async #line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end < 0) this.#rest = Buffer.concat([this.#rest, await this.#next()]);
      else {
        const line = this.#rest.subarray(0, end).toString('latin1').trim();
        this.#rest = this.#rest.subarray(end + 1);
        if (line.startsWith('-')) throw new Error(`the store replied: ${line.slice(1)}`);
        if (line !== '') return line;
      }
    }
  }

  async *#bytes(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0) this.#rest = await this.#next();
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  async #next(): Promise<Buffer> {
    const { value, done } = await this.#chunks.next();
    if (done === true) throw new Error('the store closed the connection before the end of its reply');
    return value;
  }
}

function lengthIn(line: string): number {
  const length = /^\$(\d+)$/.exec(line)?.[1];
  if (length === undefined) throw new Error(`the store replied '${line.slice(0, 80)}', expected the length of a string`);
  return Number(length);
}
