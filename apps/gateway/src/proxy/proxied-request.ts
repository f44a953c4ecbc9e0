import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemError } from '@almanac/domain';
import { PREFIX } from '@almanac/service';
import type { Route } from '../route.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { passedLines, passedList, type RequestHead } from './request-head.ts';
import type { ResponseHead } from './response-head.ts';

/** Where the request's body is: there is none, all of it is at hand, or it arrives while it is passed on. */
export type Body = null | Buffer | AsyncIterable<Buffer>;

/** One request on its way through the gateway, with the response it waits for. */
export class ProxiedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly head: RequestHead;
  readonly id: string;
  readonly since = performance.now();
  body: Body = null;
  /** the service's own name of the failure that ended it, for the log */
  cause: string | undefined;
  /** the pool of which it holds a connection, while it does */
  holds: ConnectionPool | undefined;
  /** ends its exchange with the service */
  abort: (() => void) | undefined;
  readonly #settings: ProxiedRequestSettings;
  #client: string | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    route: Route,
    head: RequestHead,
    id: string,
    settings: ProxiedRequestSettings,
  ) {
    this.request = request;
    this.response = response;
    this.route = route;
    this.head = head;
    this.id = id;
    this.#settings = settings;
  }

  get isGone(): boolean {
    return this.response.destroyed;
  }

  /** The response is written, but the operating system did not take all of it: the client does not read, or still reads an earlier response. */
  get isUnread(): boolean {
    const { socket } = this.response;
    return socket === null || socket.writableLength > 0;
  }

  /**
   * May be sent again after its connection was lost: only what changes nothing. A request that ends the service which reads it must not
   * reach the next one.
   */
  get isRepeatable(): boolean {
    const { method } = this.request;
    return (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') && (this.body === null || Buffer.isBuffer(this.body));
  }

  /** The response is an event stream, or may wait for an outcome: its connection does not count among those of a moment. */
  get isLong(): boolean {
    return this.route.stream === true || this.route.waits === true || this.head.isPatient;
  }

  /** Who shares connections with others: the holder of a write token, or the network that the request came from. */
  get client(): string {
    this.#client ??= this.#settings.clientOf(this.request);
    return this.#client;
  }

  /** The head a service gets, as text: what the client said end to end, and what the gateway says of it. */
  headLines(): string {
    const host = this.#host;
    const own = `host: ${host}\r\nx-forwarded-for: ${this.#address}\r\nx-forwarded-proto: http\r\nx-forwarded-host: ${host}\r\nx-request-id: ${this.id}\r\n`;
    const prefix = this.request.headers[PREFIX];
    return own + (prefix === undefined ? '' : `${PREFIX}: ${prefix}\r\n`) + passedLines(this.request.rawHeaders, this.head);
  }

  /** The same as a list: name, value, name, value, ... The body's length is said where it is known. */
  headList(): string[] {
    const host = this.#host;
    const list = passedList(this.request.rawHeaders, this.head);
    list.push(
      'host',
      host,
      'x-forwarded-for',
      this.#address,
      'x-forwarded-proto',
      'http',
      'x-forwarded-host',
      host,
      'x-request-id',
      this.id,
    );
    const prefix = this.request.headers[PREFIX] as string | undefined;
    if (prefix !== undefined) list.push(PREFIX, prefix);
    if (this.head.length !== undefined) list.push('content-length', String(this.head.length));
    return list;
  }

  get #host(): string {
    return this.head.host === '' ? 'almanac' : this.head.host;
  }

  get #address(): string {
    return this.#settings.addressOf(this.request);
  }

  /** Starts the response with a service's status and headers. */
  begin(status: number, head: ResponseHead): void {
    head.list.push('x-request-id', this.id, ...this.#settings.corsHeaders(this.request));
    if (this.#settings.isDraining()) this.response.shouldKeepAlive = false;
    this.response.writeHead(status, head.list);
  }

  /** Ends with a problem of the gateway's own; once the response has begun, by breaking it off. */
  fail(problem: ProblemError): void {
    this.cause = problem.message;
    if (this.response.headersSent) this.response.destroy();
    else this.#settings.refuse(this.request, this.response, problem, this.id, !this.request.complete);
  }
}

export interface ProxiedRequestSettings {
  isDraining(): boolean;
  /** the address that the request came from */
  addressOf(request: IncomingMessage): string;
  /** the name under which the caller's connections are counted */
  clientOf(request: IncomingMessage): string;
  /** what lets pages of other origins read the response: name, value, ... */
  corsHeaders(request: IncomingMessage): readonly string[];
  /** `isUnread`: more of the body may come, and is thrown away */
  refuse(request: IncomingMessage, response: ServerResponse, problem: ProblemError, id: string, isUnread: boolean): void;
}
