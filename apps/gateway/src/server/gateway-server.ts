import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { ProblemError, requestLimits } from '@almanac/domain';
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
import { headFault } from './head-checks.ts';
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
  /** the path under which callers reach Almanac; '' for the root */
  basePath: string;
}

/**
 * The public HTTP server: Node's HTTP parser, then the map. Requests for the services are forwarded from here; only requests for the
 * gateway's own routes go through Fastify (`own`).
 */
export function createGatewayServer(own: RequestListener, options: GatewayServerOptions): Server {
  const gateway = new GatewayServer(own, options);
  const server = createServer(
    // A head must arrive within 10 s. A body may take long but not stall: StallWatch ends it.
    {
      keepAliveTimeout: 72_000,
      headersTimeout: 10_000,
      requestTimeout: 0,
      connectionsCheckingInterval: 2_000,
      noDelay: true,
      maxHeaderSize: requestLimits.headBytes.value,
      // Checked in #handle, so that the error is a problem document.
      requireHostHeader: false,
    },
    (request, response) => gateway.receive(request, response),
  );
  // A client that sends `Expect: 100-continue` gets `100 Continue` only if its request is allowed.
  return server.on('checkContinue', (request, response) => gateway.receive(request, response, true));
}

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

  /** An exception here must end this request only, not the gateway. */
  receive(request: IncomingMessage, response: ServerResponse, expectsContinue = false): void {
    try {
      this.#handle(request, response, expectsContinue);
    } catch (error) {
      this.#options.logger.error({ err: error, method: request.method, url: request.url }, 'forwarding a request threw');
      response.shouldKeepAlive = false;
      if (response.headersSent) response.destroy();
      else refuse(request, response, new ProblemError('internal', 'The gateway failed. Its log has the cause.'), requestId(request));
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

  #handle(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    if (this.#bounds.isTooLate(request, response)) return;
    readPublicAddress(request, this.#options.basePath, this.#options.access.trustOf(request));
    const { method, url } = request as { method: string; url: string };
    const head = readRequestHead(request.rawHeaders);
    const fault = headFault(head, request);
    const refused = fault === undefined ? this.#bounds.refusal(request, response) : new ProblemError('bad-request', fault);
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
      // After `Expect: 100-continue`, the client may or may not send the body.
      if (expectsContinue) response.shouldKeepAlive = false;
      const isUnread = !expectsContinue && (head.isChunked || (head.length ?? 0) > 0);
      this.refuse(request, response, refusal ?? finder.problem(method, url), requestId(request), isUnread);
      return;
    }
    if (expectsContinue) response.writeContinue();
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
    // The request must not be destroyed if the service stops reading: the response still has to reach the client.
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

  /** Logs writes, failures and slow requests at info, other reads at debug, as every service does. */
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

/** The cause is logged but not sent to the caller: addresses, system errors. */
const causeOf = ({ cause }: ProblemError): object => (cause instanceof Error ? { cause: cause.message } : {});

const isSmall = ({ isChunked, length = 0 }: RequestHead, { smallBody }: Limits): boolean => !isChunked && length > 0 && length <= smallBody;

/** `list`: name, value, name, value, ... */
function setHeaders(response: ServerResponse, list: readonly string[]): void {
  for (let i = 0; i < list.length; i += 2) response.setHeader(list[i] as string, list[i + 1] as string);
}
