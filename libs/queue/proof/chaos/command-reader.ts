/** Tells the commands in a stream of requests (RESP arrays of bulk strings) apart, whatever the pieces it comes in. */
export class CommandReader {
  #rest = Buffer.alloc(0);

  /** The commands that are complete by now, each with its bytes. */
  *read(bytes: Buffer): Generator<{ words: string[]; raw: Buffer }> {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const command = parse(this.#rest);
      if (command === undefined) return;
      const raw = this.#rest.subarray(0, command.end);
      this.#rest = this.#rest.subarray(command.end);
      yield { words: command.words, raw };
    }
  }
}

function parse(bytes: Buffer): { words: string[]; end: number } | undefined {
  const head = line(bytes, 0);
  if (head === undefined) return undefined;
  const words: string[] = [];
  let at = head.end;
  for (let left = Number(head.text.slice(1)); left > 0; left--) {
    const size = line(bytes, at);
    if (size === undefined) return undefined;
    const end = size.end + Number(size.text.slice(1));
    if (end + 2 > bytes.length) return undefined;
    words.push(bytes.toString('latin1', size.end, end));
    at = end + 2;
  }
  return { words, end: at };
}

function line(bytes: Buffer, from: number): { text: string; end: number } | undefined {
  const end = bytes.indexOf('\r\n', from);
  return end < 0 ? undefined : { text: bytes.toString('latin1', from, end), end: end + 2 };
}
