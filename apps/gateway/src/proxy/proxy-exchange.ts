import { ProblemError } from '@almanac/domain';
import type { Dispatcher } from 'undici';
import type { Connection } from './connection.ts';
import type { ConnectionPool, ConnectionWaiter } from './connection-pool.ts';
import type { Counts } from './counts.ts';
import type { ProxiedRequest } from './proxied-request.ts';
import { discardRest } from './request-body.ts';
import { type ResponseHead, readResponseHead } from './response-head.ts';
import { tooBusy } from './too-busy.ts';

/** The part of an upstream that an exchange uses. */
export interface Service {
  readonly name: string;
  readonly pool: ConnectionPool;
  readonly streams: ConnectionPool;
  readonly counts: Counts;
  /** The service closes this connection: its address gets no new one for a moment. */
  leave(connection: Connection): void;
}

/** A response body up to this size (bytes) that arrives in one piece is sent in one write with its head. */
const ONE_WRITE = 16 * 1024;

type Controller = Dispatcher.DispatchController;

/** One request on a connection of its own, streamed both ways with backpressure. */
export class ProxyExchange implements ConnectionWaiter, Dispatcher.DispatchHandler {
  readonly #proxied: ProxiedRequest;
  readonly #service: Service;
  readonly #pool: ConnectionPool;
  readonly client: string;
  isFresh: boolean;
  /** may be sent again once after a connection was lost */
  #mayRepeat: boolean;
  #connection: Connection | undefined;
  #controller: Controller | undefined;
  #isSent = false;
  #isOver = false;
  /** length of the response body in bytes; -1: unknown */
  #length = -1;
  /** a small body that arrived in one piece */
  #whole: Buffer | undefined;
  #closedOnes = 0;

  /** `wasLost`: the request was sent before, on a shared connection that broke. */
  constructor(proxied: ProxiedRequest, service: Service, wasLost: boolean) {
    this.#proxied = proxied;
    this.#service = service;
    this.#pool = proxied.isLong ? service.streams : service.pool;
    this.client = proxied.client;
    this.isFresh = wasLost;
    this.#mayRepeat = !wasLost && proxied.isRepeatable;
    proxied.abort = () => this.#clientGone();
    proxied.response.once('close', proxied.abort);
  }

  get isGone(): boolean {
    return this.#isOver;
  }

  start(): void {
    if (this.#pool.take(this)) return;
    this.#service.counts.full++;
    this.#fail(tooBusy(this.#service.name, this.#pool, this.client, this.#proxied.isLong));
  }

  late(): void {
    if (this.#isOver) return;
    this.#service.counts.late++;
    this.#fail(tooBusy(this.#service.name, this.#pool, this.client, this.#proxied.isLong));
  }

  ready(connection: Connection): void {
    if (this.#isOver) {
      this.#pool.release(connection, this.client);
      return;
    }
    this.#connection = connection;
    this.#proxied.holds = this.#pool;
    this.#isSent = false;
    const { request, body } = this.#proxied;
    connection.dispatch(
      {
        method: request.method as Dispatcher.HttpMethod,
        path: request.url as string,
        headers: this.#proxied.headList(),
        body: body as never,
      },
      this,
    );
  }

  refused(reason: Error): void {
    if (this.#isOver) return;
    this.#service.counts.refused++;
    const detail = `The service ${this.#service.name} is unavailable. The request was not forwarded. Retry shortly.`;
    this.#fail(new ProblemError('unavailable', detail, { headers: { 'retry-after': '1' }, cause: reason }));
  }

  onRequestStart(controller: Controller): void {
    this.#isSent = true;
    this.#controller = controller;
  }

  onResponseStart(controller: Controller, status: number): void {
    if (status < 200) return;
    const head = readResponseHead((controller.rawHeaders as readonly Buffer[]).map((bytes) => bytes.toString('latin1')));
    if (!this.#belongs(status, head)) {
      this.#service.counts.foreign++;
      controller.abort(new Error('the response has the id of another request'));
      return;
    }
    if (head.isLast) this.#service.leave(this.#connection as Connection);
    const { response } = this.#proxied;
    this.#proxied.begin(status, head);
    // A stream may send nothing for long after its head.
    if (head.length === undefined) response.flushHeaders();
    this.#length = head.length ?? -1;
  }

  /**
   * Every response of a service has the id of its request. A response without an id comes from the service's HTTP parser or, on a used
   * connection, from an earlier request.
   */
  #belongs(status: number, { id }: ResponseHead): boolean {
    return id === this.#proxied.id || (id === undefined && status < 400 && !(this.#connection as Connection).isUsed);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    const { response } = this.#proxied;
    if (chunk.length === this.#length && chunk.length <= ONE_WRITE) this.#whole = chunk;
    else if (!response.write(chunk)) {
      controller.pause();
      response.once('drain', () => controller.resume());
    }
  }

  onResponseEnd(): void {
    const { response, request } = this.#proxied;
    // After an early response, undici closes a connection whose request body was not sent completely.
    if (!request.complete) (this.#connection as Connection).isSpent = true;
    if (this.#whole === undefined) response.end();
    else response.end(this.#whole.toString('latin1'), 'latin1');
    this.#over();
    discardRest(request);
  }

  onResponseError(_: Controller, error: Error): void {
    if (this.#isOver) return;
    this.#giveBackConnection();
    const { name } = this.#service;
    if (this.#proxied.response.headersSent)
      this.#fail(new ProblemError('bad-gateway', `The connection to ${name} broke before its response was complete.`, { cause: error }));
    else if ('code' in error && error.code === 'UND_ERR_INVALID_ARG')
      this.#fail(new ProblemError('bad-request', `The request cannot be forwarded: ${error.message}.`));
    else if (!this.#isSent) this.#takeAnother(error);
    else if (this.#mayRepeat) this.#repeat();
    else
      this.#fail(
        new ProblemError('bad-gateway', `The connection to ${name} broke before it responded. ${adviceFor(this.#proxied)}`, {
          cause: error,
        }),
      );
  }

  /** The connection closed before anything was sent, so a request of any method may use another one. */
  #takeAnother(error: Error): void {
    this.isFresh = true;
    if (++this.#closedOnes <= 2) this.start();
    else this.refused(error);
  }

  #repeat(): void {
    this.#service.counts.lost++;
    this.#mayRepeat = false;
    this.isFresh = true;
    this.start();
  }

  #giveBackConnection(): void {
    const connection = this.#connection as Connection;
    connection.isSpent = true;
    this.#connection = undefined;
    this.#proxied.holds = undefined;
    this.#pool.release(connection, this.client);
  }

  #clientGone(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.abort(new Error('the client is gone'));
    if (this.#connection !== undefined) this.#giveBackConnection();
  }

  /** The response is written. A client that has not read all of it keeps its place, so that the gateway cannot be made to buffer many. */
  #over(): void {
    this.#isOver = true;
    this.#pool.giveBack(this.#connection as Connection);
    if (this.#proxied.isUnread) this.#proxied.response.once('close', () => this.#leave());
    else this.#leave();
  }

  #leave(): void {
    this.#proxied.holds = undefined;
    this.#pool.leave(this.client);
  }

  #fail(problem: ProblemError): void {
    this.#isOver = true;
    this.#service.counts.failed++;
    this.#proxied.fail(problem);
    discardRest(this.#proxied.request);
  }
}

const adviceFor = ({ request }: ProxiedRequest): string =>
  request.method === 'GET' || request.method === 'HEAD' ? 'Retry.' : 'The request may have taken effect. It was not sent again.';
