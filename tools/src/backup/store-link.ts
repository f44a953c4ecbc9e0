import type { Socket } from 'node:net';
import { type Address, authWords, encode, open } from '../store/ping.ts';

/** One connection to a store, for the few questions that a backup asks. */
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

  /** The text that the store answers to a question. */
  async text(...words: string[]): Promise<string> {
    this.#send(words);
    let text = '';
    for await (const part of this.#bytes(lengthIn(await this.#line()))) text += part.toString('latin1');
    return text;
  }

  /**
   * All data as an RDB file, piece by piece. SYNC is how a replica of any age begins: the store forks, and sends the file with its length in
   * front. Nothing of what it would send after that is read.
   */
  async *snapshot(): AsyncGenerator<Buffer> {
    this.#send(['SYNC']);
    yield* this.#bytes(lengthIn(await this.#line()));
  }

  /** Empty lines are how the store says that it still works on the file. */
  async #line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end < 0) this.#rest = Buffer.concat([this.#rest, await this.#next()]);
      else {
        const line = this.#rest.subarray(0, end).toString('latin1').trim();
        this.#rest = this.#rest.subarray(end + 1);
        if (line.startsWith('-')) throw new Error(`the store answers: ${line.slice(1)}`);
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
    if (done === true) throw new Error('the store closed the connection before its answer was whole');
    return value;
  }
}

function lengthIn(line: string): number {
  const length = /^\$(\d+)$/.exec(line)?.[1];
  if (length === undefined) throw new Error(`the store answers '${line.slice(0, 80)}', the length of a text was expected`);
  return Number(length);
}
