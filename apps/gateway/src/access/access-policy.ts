import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemError } from '@almanac/domain';
import { networkOf, PREFIX } from '@almanac/service';
import type { Route } from '../route.ts';
import { crossSite, needsToken, noMetricsHere, tooMany, unknownHost } from './access-problems.ts';
import { clientAddress } from './client-address.ts';
import { corsHeaders, isAllowedByPreflight, isPreflight } from './cors.ts';
import { KnownHosts } from './known-hosts.ts';
import { Networks, PRIVATE_NETWORKS } from './networks.ts';
import { isCrossOrigin, WritingOrigins } from './origin.ts';
import { lastOf, type Trust } from './public-address.ts';
import { RateLimit } from './rate-limit.ts';
import { WriteTokens } from './write-tokens.ts';

export interface AccessSettings {
  /** tokens that allow writes, separated by commas; undefined: anyone can write */
  writeTokens?: string | undefined;
  /** requests of one client per minute; 0: no limit */
  perMinute?: number;
  burst?: number | undefined;
  /** number of proxies in front of the gateway whose forwarded headers are trusted */
  proxies?: number;
  /** names that Host may have beside IP addresses and localhost, in the syntax of KnownHosts; undefined: any. Checked only without writeTokens */
  hosts?: string | undefined;
  /** origins whose pages may write, separated by commas */
  corsOrigins?: string | undefined;
  /** networks that may read /metrics, in the syntax of Networks */
  metricsFrom?: string | undefined;
}

/** Probes and the scraper send many requests and must never be refused. */
const uncounted: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);

const everything: Trust = { host: true, prefix: true };
const nothing: Trust = { host: false, prefix: false };
const loopback = new Networks('', '127.0.0.0/8,::1');

/** Load balancers probe under their own host names, and the responses hold nothing that a web page could use. */
const isProbe = (route: Route | undefined): boolean => route?.path === '/livez' || route?.path === '/readyz';

const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** Decides from the head of a request whether it is allowed: host, origin, write token, rate limit. */
export class AccessPolicy {
  readonly tokens: WriteTokens | undefined;
  readonly limit: RateLimit | undefined;
  /** refused requests, by reason */
  readonly refused = { token: 0, rate: 0, origin: 0, host: 0 };
  readonly origins: WritingOrigins;
  readonly #hosts: KnownHosts;
  readonly #metricsFrom: Networks;
  readonly #proxies: number;
  readonly #policy: string;

  constructor({
    writeTokens,
    perMinute = 0,
    burst,
    proxies = 0,
    hosts = '*',
    corsOrigins,
    metricsFrom = PRIVATE_NETWORKS,
  }: AccessSettings = {}) {
    this.tokens = writeTokens === undefined ? undefined : new WriteTokens(writeTokens);
    this.limit = perMinute === 0 ? undefined : new RateLimit({ perMinute, burst });
    this.#proxies = proxies;
    this.#hosts = new KnownHosts(hosts);
    this.origins = new WritingOrigins(corsOrigins);
    this.#metricsFrom = new Networks('METRICS_FROM', metricsFrom);
    this.#policy = this.limit === undefined ? '' : `"client";q=${this.limit.burst};w=${this.limit.windowSeconds}`;
  }

  /** A proxy on this machine is trusted to set the path under which it serves Almanac: a web page cannot send that header. */
  trustOf({ socket, headers }: IncomingMessage): Trust {
    if (this.#proxies > 0) return everything;
    if (headers[PREFIX] === undefined) return nothing;
    return { host: false, prefix: socket.remoteAddress === undefined || loopback.has(socket.remoteAddress) };
  }

  addressOf(request: IncomingMessage): string {
    return clientAddress(request, this.#proxies);
  }

  /** The name under which a client is counted. An invalid token is no name: a client could invent one for each request. */
  clientOf(request: IncomingMessage, token = this.tokens?.find(request.headers.authorization) ?? -1): string {
    return token >= 0 ? `token ${token}` : networkOf(this.addressOf(request));
  }

  /** The reason why a request is refused; undefined if it is allowed. Sets the RateLimit headers if there is a limit. */
  refusal(request: IncomingMessage, response: ServerResponse, route: Route | undefined): ProblemError | undefined {
    if (route?.path === '/metrics' && !this.#mayReadMetrics(request)) return noMetricsHere();
    const foreign = (isProbe(route) ? undefined : this.#hostProblem(request)) ?? this.#originProblem(request);
    if (foreign !== undefined) return foreign;
    const needs = this.tokens !== undefined && !isRead(request.method) && route?.safe !== true;
    if (!needs && this.limit === undefined) return undefined;
    const token = this.tokens?.find(request.headers.authorization) ?? -1;
    if (this.limit !== undefined && !uncounted.has(route?.path ?? '')) {
      const problem = this.#count(this.limit, this.clientOf(request, token), response);
      if (problem !== undefined) return problem;
    }
    if (!needs || token >= 0) return undefined;
    this.refused.token++;
    return needsToken(request);
  }

  /** The scraper connects directly to the pod from a private network. A request through a proxy comes from outside. */
  #mayReadMetrics({ socket, headers }: IncomingMessage): boolean {
    if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false;
    return socket.remoteAddress === undefined || this.#metricsFrom.has(socket.remoteAddress);
  }

  /** A write token protects the data whatever the host name is. Without one the name is checked, for reads too. */
  #hostProblem(request: IncomingMessage): ProblemError | undefined {
    if (this.tokens !== undefined) return undefined;
    const { host, 'x-forwarded-host': forwarded } = request.headers;
    const wrong = [host, lastOf(forwarded)].find((name) => name !== undefined && name !== '' && !this.#hosts.has(name));
    if (wrong === undefined) return undefined;
    this.refused.host++;
    return unknownHost(wrong);
  }

  #originProblem(request: IncomingMessage): ProblemError | undefined {
    const isAllowed = isPreflight(request)
      ? isAllowedByPreflight(request, this.origins)
      : isRead(request.method) || this.#mayWrite(request);
    if (isAllowed) return undefined;
    this.refused.origin++;
    return crossSite(request);
  }

  #mayWrite({ headers }: IncomingMessage): boolean {
    if (headers.origin !== undefined && this.origins.has(headers.origin)) return true;
    const hosts = [headers.host, lastOf(headers['x-forwarded-host'])];
    return !isCrossOrigin(headers, hosts, this.#hosts);
  }

  corsHeaders(request: IncomingMessage): readonly string[] {
    return corsHeaders(request, this.origins);
  }

  /** draft-ietf-httpapi-ratelimit-headers: the policy describes the token bucket; the window is the time to fill it. */
  #count(limit: RateLimit, client: string, response: ServerResponse): ProblemError | undefined {
    const { isAllowed, remaining, resetSeconds, retrySeconds } = limit.take(client);
    response.setHeader('RateLimit-Policy', this.#policy);
    response.setHeader('RateLimit', `"client";r=${remaining};t=${resetSeconds}`);
    if (isAllowed) return undefined;
    this.refused.rate++;
    return tooMany(limit, retrySeconds);
  }
}
