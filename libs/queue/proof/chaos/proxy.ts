import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { Conduit, type OnCommand } from './conduit.ts';

/**
 * Stands between clients and the store, and does to their connections what networks do: silence, cuts that one end or no end is told of,
 * delay, a trickle, a reply that never comes.
 */
export class NetworkProxy {
  #server: Server;
  #target: number;
  readonly #conduits = new Set<Conduit>();
  #frozen = false;
  #delayMs = 0;
  #onCommand: OnCommand | undefined;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    server.on('connection', (client) => this.#accept(client));
  }

  static async start(target: number): Promise<NetworkProxy> {
    const proxy = new NetworkProxy(createServer(), target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Connections that are open on the clients' side, oldest first. */
  get conduits(): Conduit[] {
    return [...this.#conduits];
  }

  #accept(client: Socket): void {
    const conduit = new Conduit(client, this.#target, () => this.#conduits.delete(conduit));
    this.#conduits.add(conduit);
    conduit.delayMs = this.#delayMs;
    conduit.onCommand = this.#onCommand;
    if (this.#frozen) conduit.freeze();
  }

  /** Nothing passes, nobody is told, also on connections to come; what was sent meanwhile arrives after heal(). */
  freeze(): void {
    this.#frozen = true;
    for (const conduit of this.#conduits) conduit.freeze();
  }

  /** Each way takes this much longer. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs;
    for (const conduit of this.#conduits) conduit.delayMs = delayMs;
  }

  /** Judges every command from now on, on all connections. */
  watch(onCommand: OnCommand | undefined): void {
    this.#onCommand = onCommand;
    for (const conduit of this.#conduits) conduit.onCommand = onCommand;
  }

  /** Everything passes again. Connections that were cut stay cut. */
  heal(): void {
    this.#frozen = false;
    this.slow(0);
    this.watch(undefined);
    for (const conduit of this.#conduits) conduit.thaw();
  }

  /** Where connections to come lead; the present ones are reset. */
  lead(target: number): void {
    this.#target = target;
    for (const conduit of this.#conduits) conduit.reset();
  }

  async end(): Promise<void> {
    for (const conduit of this.#conduits) conduit.reset();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
