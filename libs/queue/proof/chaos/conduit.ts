import { connect, type Socket } from 'node:net';
import { CommandReader } from './command-reader.ts';

/**
 * What becomes of a command. It passes; 'swallow': it is executed and its reply never comes, then the connection is reset; 'cut': neither
 * it nor anything behind it arrives, and the connection is reset; 'mute': it is executed, and nobody hears anything any more; 'late': the
 * client hears nothing, gives up and goes, and only then the command is executed.
 */
export type Judgement = 'pass' | 'swallow' | 'cut' | 'mute' | 'late';
/** Judges a command by its words. */
export type OnCommand = (words: readonly string[]) => Judgement;

/** One connection through the proxy. */
export class Conduit {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #reader = new CommandReader();
  /** how much longer each way takes */
  delayMs = 0;
  onCommand: OnCommand | undefined;
  /** when the client has gone, the server is not told */
  #isGhost = false;
  /** nothing goes to the server any more */
  #isCut = false;
  /** nothing comes from the server any more */
  #isDeaf = false;
  #isTrickling = false;
  /** what trickles, by where to */
  readonly #drops = new Map<Socket, Buffer>();
  /** what was sent and has not arrived */
  readonly #underWay: { due: number; what: () => void }[] = [];

  constructor(client: Socket, target: number, onClose: () => void) {
    this.#client = client.setNoDelay(true);
    this.#server = connect({ port: target, host: '127.0.0.1', noDelay: true });
    client.on('error', () => {}).on('data', (bytes) => this.#fromClient(bytes));
    client.on('close', () => {
      onClose();
      // What is still under way arrives, as on a real wire; then the server sees the end.
      if (!this.#isGhost) this.#later(() => this.#server.end());
    });
    this.#server.on('error', () => {}).on('data', (bytes) => !this.#isDeaf && this.#send(client, bytes));
    this.#server.on('close', () => !this.#isDeaf && this.#later(() => client.destroy()));
  }

  #fromClient(bytes: Buffer): void {
    for (const { words, raw } of this.#reader.read(bytes)) {
      if (this.#isCut) return;
      const judgement = this.onCommand?.(words) ?? 'pass';
      if (judgement === 'pass') this.#send(this.#server, raw);
      else this.#break(judgement, raw);
    }
  }

  #break(judgement: Exclude<Judgement, 'pass'>, raw: Buffer): void {
    this.#isDeaf = true;
    this.#isCut = judgement !== 'swallow';
    if (judgement === 'late') this.#lateAfterTheClient(raw);
    else if (judgement !== 'cut') this.#server.write(raw);
    if (judgement === 'swallow' || judgement === 'cut') setTimeout(() => this.reset(), 50);
  }

  #lateAfterTheClient(raw: Buffer): void {
    this.#isGhost = true;
    this.#client.once('close', () => setTimeout(() => this.#server.end(raw), 300));
  }

  #send(to: Socket, bytes: Buffer): void {
    if (this.#isTrickling) this.#trickle(to, bytes);
    else this.#later(() => to.writable && to.write(bytes));
  }

  #later(what: () => void): void {
    this.#underWay.push({ due: performance.now() + this.delayMs, what });
    if (this.#underWay.length === 1) this.#arrive();
  }

  /** In the order it was sent, whatever the delays: a connection never turns two things round. */
  #arrive(): void {
    for (let next = this.#underWay[0]; next !== undefined; next = this.#underWay[0]) {
      const left = next.due - performance.now();
      if (left > 0) {
        setTimeout(() => this.#arrive(), left);
        return;
      }
      next.what();
      this.#underWay.shift();
    }
  }

  /** From now on one byte a second each way. */
  trickle(): void {
    this.#isTrickling = true;
  }

  #trickle(to: Socket, bytes: Buffer): void {
    const waiting = this.#drops.get(to);
    this.#drops.set(to, Buffer.concat([waiting ?? Buffer.alloc(0), bytes]));
    if (waiting !== undefined) return;
    const timer = setInterval(() => {
      const left = this.#drops.get(to) as Buffer;
      if (to.writable) to.write(left.subarray(0, 1));
      else clearInterval(timer);
      this.#drops.set(to, left.subarray(1));
    }, 1000);
    to.once('close', () => clearInterval(timer));
  }

  freeze(): void {
    this.#client.pause();
    this.#server.pause();
  }

  thaw(): void {
    this.#client.resume();
    this.#server.resume();
  }

  /** Both ends are told that the connection is no more. */
  reset(): void {
    reset(this.#client);
    reset(this.#server);
  }

  /** The server's end goes; the client is told nothing and waits. */
  halfOpen(): void {
    this.#isDeaf = true;
    this.#isCut = true;
    this.#server.destroy();
  }

  /** The client's end goes; the server is told nothing and serves a ghost for a while. */
  ghost(forMs: number): void {
    this.#isGhost = true;
    this.#isDeaf = true;
    reset(this.#client);
    setTimeout(() => this.#server.destroy(), forMs);
  }
}

/**
 * Not where the end of a socket is on its way already: Node then neither closes nor forgets it, and its process, when it has nothing else to
 * do, spins for ever instead of ending (seen with Node 24.21).
 */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
