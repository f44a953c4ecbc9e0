import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemError } from '@almanac/domain';
import type { Route } from '../route.ts';
import { clientAddress, networkOf } from './client-address.ts';
import { needsToken, noMetricsHere, tooMany } from './problems.ts';
import { RateLimit } from './rate-limit.ts';
import { WriteTokens } from './write-tokens.ts';

export interface DoorSettings {
  /** tokens that may change things, between commas; undefined: everybody may */
  writeTokens?: string | undefined;
  /** requests of one client in a minute; 0: as many as it likes */
  perMinute?: number;
  burst?: number | undefined;
  /** how many proxies in front are believed in what they say of the client */
  proxies?: number;
}

/** Probes and the scraper come often, and must never be turned away. */
const uncounted: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);

const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/** Who may come in, and how often. It looks at a request's head alone. */
export class Door {
  readonly tokens: WriteTokens | undefined;
  readonly limit: RateLimit | undefined;
  /** requests turned away, by why */
  readonly refused = { token: 0, rate: 0 };
  readonly #proxies: number;
  readonly #policy: string;

  constructor({ writeTokens, perMinute = 0, burst, proxies = 0 }: DoorSettings = {}) {
    this.tokens = writeTokens === undefined ? undefined : new WriteTokens(writeTokens);
    this.limit = perMinute === 0 ? undefined : new RateLimit({ perMinute, burst });
    this.#proxies = proxies;
    this.#policy = this.limit === undefined ? '' : `"client";q=${this.limit.burst};w=${this.limit.windowSeconds}`;
  }

  addressOf(request: IncomingMessage): string {
    return clientAddress(request, this.#proxies);
  }

  /** The name under which a client is counted. Only a right token is a name: anybody can make up a wrong one for each request. */
  clientOf(request: IncomingMessage, token = this.tokens?.find(request.headers.authorization) ?? -1): string {
    return token >= 0 ? `token ${token}` : networkOf(this.addressOf(request));
  }

  /** Why a request is turned away; undefined lets it in. Where there is a limit, the answer says what is left of it. */
  refusal(request: IncomingMessage, answer: ServerResponse, route: Route | undefined): ProblemError | undefined {
    // The scraper comes straight to the pod. What a proxy brings is from outside, and the outside has no business with our figures.
    if (route?.path === '/metrics' && this.#proxies > 0 && request.headers['x-forwarded-for'] !== undefined) return noMetricsHere();
    const needs = this.tokens !== undefined && !isRead(request.method) && route?.safe !== true;
    if (!needs && this.limit === undefined) return undefined;
    const token = this.tokens?.find(request.headers.authorization) ?? -1;
    if (this.limit !== undefined && !uncounted.has(route?.path ?? '')) {
      const problem = this.#count(this.limit, this.clientOf(request, token), answer);
      if (problem !== undefined) return problem;
    }
    if (!needs || token >= 0) return undefined;
    this.refused.token++;
    return needsToken(request);
  }

  /** draft-ietf-httpapi-ratelimit-headers: the policy is the bucket, the window the time it takes to fill. */
  #count(limit: RateLimit, client: string, answer: ServerResponse): ProblemError | undefined {
    const { isAllowed, remaining, resetSeconds, retrySeconds } = limit.take(client);
    answer.setHeader('RateLimit-Policy', this.#policy);
    answer.setHeader('RateLimit', `"client";r=${remaining};t=${resetSeconds}`);
    if (isAllowed) return undefined;
    this.refused.rate++;
    return tooMany(limit, retrySeconds);
  }
}
