import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemError } from '@almanac/domain';
import { PREFIX } from '@almanac/service';
import type { Route } from '../route.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { passedLines, passedList, type RequestHead } from './request-head.ts';
import type { ResponseHead } from './response-head.ts';

/** The body of a request: none, buffered, or streamed. */
export type Body = null | Buffer | AsyncIterable<Buffer>;

/** One request that the gateway forwards, and its response. */
export class ProxiedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly head: RequestHead;
  readonly id: string;
  readonly since = performance.now();
  body: Body = null;
  /** the message of the problem that ended it, for the log */
  cause: string | undefined;
  /** the pool whose connection it holds at the moment */
  holds: ConnectionPool | undefined;
  /** ends the exchange with the service */
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

  /** Whether part of the written response is still buffered: the client does not read it, or still reads an earlier one. */
  get isUnread(): boolean {
    const { socket } = this.response;
    return socket === null || socket.writableLength > 0;
  }

  /**
   * Whether it may be sent again after its connection was lost: only if its method changes nothing. A write that crashes a service must
   * not reach the next replica.
   */
  get isRepeatable(): boolean {
    const { method } = this.request;
    return (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') && (this.body === null || Buffer.isBuffer(this.body));
  }

  /** Whether the response is an event stream or waits for a job. Such requests have connections of their own. */
  get isLong(): boolean {
    return this.route.stream === true || this.route.waits === true || this.head.isPatient;
  }

  /** The client that the connection counts for: the holder of a write token, or the network of the peer. */
  get client(): string {
    this.#client ??= this.#settings.clientOf(this.request);
    return this.#client;
  }

  /** The header lines for the service, as text: the client's end-to-end headers and those that the gateway adds. */
  headLines(): string {
    const host = this.#host;
    const own = `host: ${host}\r\nx-forwarded-for: ${this.#address}\r\nx-forwarded-proto: http\r\nx-forwarded-host: ${host}\r\nx-request-id: ${this.id}\r\n`;
    const prefix = this.request.headers[PREFIX];
    return own + (prefix === undefined ? '' : `${PREFIX}: ${prefix}\r\n`) + passedLines(this.request.rawHeaders, this.head);
  }

  /** The same as a list: name, value, name, value, ... Content-Length is added if it is known. */
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

  /** Sends a problem; if the response has begun, closes the connection. */
  fail(problem: ProblemError): void {
    this.cause = problem.message;
    if (this.response.headersSent) this.response.destroy();
    else this.#settings.refuse(this.request, this.response, problem, this.id, !this.request.complete);
  }
}

export interface ProxiedRequestSettings {
  isDraining(): boolean;
  /** the address of the client */
  addressOf(request: IncomingMessage): string;
  /** the name under which the client is counted */
  clientOf(request: IncomingMessage): string;
  /** the CORS headers of the response: name, value, ... */
  corsHeaders(request: IncomingMessage): readonly string[];
  /** `isUnread`: more of the body may arrive, and is discarded */
  refuse(request: IncomingMessage, response: ServerResponse, problem: ProblemError, id: string, isUnread: boolean): void;
}
