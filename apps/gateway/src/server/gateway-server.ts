import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { ProblemError, requestLimits, shown } from '@almanac/domain';
import { type Logger, loggedUrl, requestId } from '@almanac/service';
import type { AccessPolicy } from '../access/access-policy.ts';
import { isPreflight, respondToPreflight } from '../access/cors.ts';
import { readPublicAddress } from '../access/public-address.ts';
import type { HeldBytes } from '../proxy/held-bytes.ts';
import type { Limits } from '../proxy/limits.ts';
import { ProxiedRequest, type ProxiedRequestSettings } from '../proxy/proxied-request.ts';
import { readWhole } from '../proxy/request-body.ts';
import { type RequestHead, readRequestHead } from '../proxy/request-head.ts';
import type { StallWatch } from '../proxy/stall-watch.ts';
import type { Upstream } from '../proxy/upstream.ts';
import type { ServiceName } from '../route.ts';
import { refuse, refuseUnread } from './refuse.ts';
import { RequestBounds } from './request-bounds.ts';
import type { RouteFinder } from './route-finder.ts';

export interface GatewayServerOptions {
  finder: RouteFinder;
  upstreams: Readonly<Record<ServiceName, Upstream>>;
  limits: Limits;
  watch: StallWatch;
  held: HeldBytes;
  logger: Logger;
  isDraining: () => boolean;
  access: AccessPolicy;
  /** the path under which callers reach Almanac; '': at the root */
  basePath: string;
}

/**
 * The public side: Node's own HTTP parser, then the map. Requests for the services go their way from here; the gateway's own pages are
 * Fastify's (`own`), which the others never pass through.
 */
export function createGatewayServer(own: RequestListener, options: GatewayServerOptions): Server {
  const gateway = new GatewayServer(own, options);
  const server = createServer(
    // A head must arrive within 10 s. A body may take long but not stall: the watch sees to that.
    {
      keepAliveTimeout: 72_000,
      headersTimeout: 10_000,
      requestTimeout: 0,
      connectionsCheckingInterval: 2_000,
      noDelay: true,
      maxHeaderSize: requestLimits.headBytes.value,
      // Checked here, so that the refusal is a problem like all others.
      requireHostHeader: false,
    },
    (request, response) => gateway.receive(request, response),
  );
  // Whoever asks before sending the body is told to go on only where it is let in.
  return server.on('checkContinue', (request, response) => gateway.receive(request, response, true));
}

const dotSegment = /(^|\/)(\.|%2e){1,2}(\/|\?|$)/i;

class GatewayServer implements ProxiedRequestSettings {
  readonly #own: RequestListener;
  readonly #options: GatewayServerOptions;
  readonly #bounds = new RequestBounds();
  readonly isDraining: () => boolean;

  constructor(own: RequestListener, options: GatewayServerOptions) {
    this.#own = own;
    this.#options = options;
    this.isDraining = options.isDraining;
  }

  /** A fault of our own is one request's misfortune: the door stays open for all others. */
  receive(request: IncomingMessage, response: ServerResponse, asksFirst = false): void {
    try {
      this.#take(request, response, asksFirst);
    } catch (error) {
      this.#options.logger.error({ err: error, method: request.method, url: request.url }, 'a request could not be passed on');
      response.shouldKeepAlive = false;
      if (response.headersSent) response.destroy();
      else
        refuse(
          request,
          response,
          new ProblemError('internal', 'Something failed inside the gateway; its log has the cause.'),
          requestId(request),
        );
    }
  }

  addressOf(request: IncomingMessage): string {
    return this.#options.access.addressOf(request);
  }

  clientOf(request: IncomingMessage): string {
    return this.#options.access.clientOf(request);
  }

  corsHeaders(request: IncomingMessage): readonly string[] {
    return this.#options.access.corsHeaders(request);
  }

  #take(request: IncomingMessage, response: ServerResponse, asksFirst: boolean): void {
    if (this.#bounds.isTooLate(request, response)) return;
    readPublicAddress(request, this.#options.basePath, this.#options.access.trustOf(request));
    const { method, url } = request as { method: string; url: string };
    const head = readRequestHead(request.rawHeaders);
    const wrong = head.wrong ?? wrongHost(head, request) ?? wrongCoding(head, request) ?? wrongTarget(url);
    const refused = wrong === undefined ? this.#bounds.refusal(request, response) : new ProblemError('bad-request', wrong);
    if (refused !== undefined) {
      this.#bounds.end(request, response);
      this.refuse(request, response, refused, requestId(request));
      return;
    }
    if (head.isUpgrade) this.#bounds.end(request, response);
    const { finder, access } = this.#options;
    const route = finder.find(method, url);
    const refusal = access.refusal(request, response, route);
    if (refusal === undefined && isPreflight(request)) {
      respondToPreflight(request, response, access.origins);
      return;
    }
    if (refusal !== undefined || route === undefined) {
      // Whether a body that was asked about first still follows, nobody can tell from here.
      if (asksFirst) response.shouldKeepAlive = false;
      const isUnread = !asksFirst && (head.isChunked || (head.length ?? 0) > 0);
      this.refuse(request, response, refusal ?? finder.problem(method, url), requestId(request), isUnread);
      return;
    }
    if (asksFirst) response.writeContinue();
    if (route.owner === 'self') this.#handleOwn(request, response);
    else this.#forward(new ProxiedRequest(request, response, route, head, requestId(request), this), this.#options.upstreams[route.owner]);
  }

  #handleOwn(request: IncomingMessage, response: ServerResponse): void {
    setHeaders(response, this.corsHeaders(request));
    this.#own(request, response);
  }

  #forward(proxied: ProxiedRequest, upstream: Upstream): void {
    const { request, head } = proxied;
    if (!head.isAlone && proxied.route.quick) {
      upstream.forward(proxied);
      return;
    }
    proxied.response.once('close', () => this.#log(proxied));
    this.#options.watch.add(proxied);
    if (isSmall(head, this.#options.limits) && this.#options.held.take(proxied, head.length as number)) {
      readWhole(request, head.length as number, (body) => {
        proxied.body = body;
        if (!proxied.response.writableEnded) upstream.forward(proxied);
      });
      return;
    }
    // The iterator leaves the request alone when the service stops reading: its response still has to reach the client.
    if (head.isChunked || (head.length ?? 0) > 0) proxied.body = request.iterator({ destroyOnReturn: false });
    upstream.forward(proxied);
  }

  refuse(request: IncomingMessage, response: ServerResponse, problem: ProblemError, id: string, isUnread = false): void {
    if (this.isDraining()) response.shouldKeepAlive = false;
    if (!response.headersSent) setHeaders(response, this.corsHeaders(request));
    (isUnread ? refuseUnread : refuse)(request, response, problem, id);
    const level = problem.status >= 500 ? 'warn' : 'debug';
    this.#options.logger[level](
      { reqId: id, method: request.method, url: loggedUrl(request.url ?? ''), problem: problem.type, ...causeOf(problem) },
      problem.message,
    );
  }

  /** As in every service: what changes something, fails or takes long is worth a line; reads are not. */
  #log({ request, response, id, since, route }: ProxiedRequest): void {
    const ms = Math.round((performance.now() - since) * 10) / 10;
    const isQuiet = (request.method === 'GET' || request.method === 'HEAD') && response.statusCode < 400 && ms < 500;
    const { logger } = this.#options;
    const level = isQuiet ? 'debug' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    const ended = response.writableFinished ? {} : { isBroken: true };
    logger[level](
      {
        reqId: id,
        method: request.method,
        url: loggedUrl(request.url ?? ''),
        status: response.statusCode,
        ms,
        service: route.owner,
        ...ended,
      },
      'request',
    );
  }
}

/** What the caller does not need to know: addresses, system errors. */
const causeOf = ({ cause }: ProblemError): object => (cause instanceof Error ? { cause: cause.message } : {});

const wrongHost = ({ host }: RequestHead, { httpVersionMinor }: IncomingMessage): string | undefined =>
  host === '' && httpVersionMinor > 0 ? 'The request has no Host header.' : undefined;

/** An HTTP/1.0 message has no chunks: where it ends is not certain (RFC 9112, 6.1). */
const wrongCoding = ({ isChunked }: RequestHead, { httpVersionMinor }: IncomingMessage): string | undefined =>
  isChunked && httpVersionMinor === 0 ? 'A request of HTTP/1.0 has no Transfer-Encoding; send a Content-Length.' : undefined;

/** The address of a request: a path, in which no part is `.` or `..`, because two readers might not agree on what they mean. */
function wrongTarget(url: string): string | undefined {
  if (url.charCodeAt(0) !== 47) return `The request is for ${shown(url)}; a path that starts with / is expected.`;
  if ((url.includes('/.') || url.includes('%2')) && dotSegment.test(url.split('?', 1)[0] as string)) {
    return `The path ${shown(url)} has a part that is '.' or '..'.`;
  }
  return undefined;
}

const isSmall = ({ isChunked, length = 0 }: RequestHead, { smallBody }: Limits): boolean => !isChunked && length > 0 && length <= smallBody;

/** `list`: name, value, name, value, ... */
function setHeaders(response: ServerResponse, list: readonly string[]): void {
  for (let i = 0; i < list.length; i += 2) response.setHeader(list[i] as string, list[i + 1] as string);
}
