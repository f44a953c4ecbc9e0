import { hint, ProblemError, requestLimits, shown } from '@almanac/domain';
import Router, { type HTTPMethod } from 'find-my-way';
import type { Route } from '../route.ts';

const noop = () => {};

/** Finds a request's route in the map. HEAD goes where GET goes. */
export class RouteFinder {
  readonly #router = Router({ maxParamLength: 1024, querystringParser: noop, onBadUrl: noop });
  readonly #routes: readonly Route[];
  readonly #methods = new Set<HTTPMethod>();

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
    for (const route of routes) {
      this.#add(route.method, route);
      if (route.method === 'GET') this.#add('HEAD', route);
    }
  }

  #add(method: HTTPMethod, route: Route): void {
    this.#methods.add(method);
    this.#router.on(method, route.path, noop, route);
    // The pages under /docs are files of their own.
    if (route.path === '/docs') this.#router.on(method, '/docs/*', noop, route);
  }

  /** `url` with or without a query. */
  find(method: string, url: string): Route | undefined {
    // What cannot be decoded is found without a route.
    return (this.#router.find(method as HTTPMethod, url)?.store ?? undefined) as Route | undefined;
  }

  /** Why nothing was found: the path exists with other methods (405), or not at all (404, with the nearest there is). */
  problem(method: string, url: string): ProblemError {
    const path = url.split('?', 1)[0] as string;
    if (!isDecodable(path)) return new ProblemError('bad-request', `The path ${shown(path)} has % escapes that are not UTF-8.`);
    const allow = this.#methodsOf(path);
    if (allow.length === 0)
      return new ProblemError('not-found', `There is nothing at ${shown(path)}${this.#hint(path)}. GET /help lists every route.`);
    return new ProblemError('method-not-allowed', `${shown(method)} is not possible on ${shown(path)}; it takes ${allow.join(', ')}.`, {
      headers: { allow: allow.join(', ') },
    });
  }

  /** The methods of a path. A route that names the path itself stands above one with a variable part: /v1/jobs/revive is no job. */
  #methodsOf(path: string): string[] {
    const found = [...this.#methods].map((method) => ({ method, route: this.find(method, path) }));
    const possible = found.filter(({ route }) => route !== undefined);
    const exact = possible.filter(({ route }) => route?.path === path);
    return (exact.length > 0 ? exact : possible).map(({ method }) => method).sort();
  }

  /** The nearest route, with the caller's own values in its variable parts: /v1/dataset/x -> '/v1/datasets/x'. */
  #hint(path: string): string {
    // A hint repeats the caller's own parts of the path.
    if (path.length > requestLimits.hintedPath.value) return '';
    const parts = path.split('/');
    const candidates = new Set(
      this.#routes
        .map((route) => route.path.split('/'))
        .filter((pattern) => pattern.length === parts.length)
        .map((pattern) => pattern.map((part, i) => (part.startsWith(':') ? parts[i] : part)).join('/')),
    );
    if (!path.startsWith('/v1/')) for (const candidate of this.#withVersion(parts)) candidates.add(candidate);
    const near = hint(path, [...candidates]);
    return near.startsWith(' (did') ? near : '';
  }

  /** The version is what is forgotten most: /datasets/x means /v1/datasets/x. */
  #withVersion(parts: readonly string[]): string[] {
    const path = `/v1${parts.join('/')}`;
    return this.find('GET', path) === undefined ? [] : [path];
  }
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
