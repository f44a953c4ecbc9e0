import { hint, ProblemError, requestLimits, shown } from '@almanac/domain';
import Router, { type HTTPMethod } from 'find-my-way';
import type { Route } from '../route.ts';

const noop = () => {};

/** Finds the route of a request in the map. HEAD uses the route of GET. */
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
    // Swagger UI serves its files under /docs.
    if (route.path === '/docs') this.#router.on(method, '/docs/*', noop, route);
  }

  /** `url` may have a query. Returns undefined if no route matches. */
  find(method: string, url: string): Route | undefined {
    // For a URL that cannot be decoded, find-my-way returns a match without a store.
    return (this.#router.find(method as HTTPMethod, url)?.store ?? undefined) as Route | undefined;
  }

  /** The problem for a request without a route: 405 if the path has other methods, else 404 with the closest path. */
  problem(method: string, url: string): ProblemError {
    const path = url.split('?', 1)[0] as string;
    if (!isDecodable(path)) return new ProblemError('bad-request', `The path ${shown(path)} has percent-encoding that is not valid UTF-8.`);
    const allow = this.#methodsOf(path);
    if (allow.length === 0)
      return new ProblemError('not-found', `There is nothing at ${shown(path)}${this.#hint(path)}. GET /help lists every route.`);
    return new ProblemError('method-not-allowed', `${method} is not allowed on ${shown(path)}. Allowed: ${allow.join(', ')}.`, {
      headers: { allow: allow.join(', ') },
    });
  }

  /** The methods of a path. A literal route takes precedence over one with a parameter: /v1/jobs/revive is not a job. */
  #methodsOf(path: string): string[] {
    const found = [...this.#methods].map((method) => ({ method, route: this.find(method, path) }));
    const possible = found.filter(({ route }) => route !== undefined);
    const exact = possible.filter(({ route }) => route?.path === path);
    return (exact.length > 0 ? exact : possible).map(({ method }) => method).sort();
  }

  /** The closest route, with the caller's values as parameters: /v1/dataset/x -> '/v1/datasets/x'. */
  #hint(path: string): string {
    // A hint repeats parts of the caller's path.
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

  /** The version is easily forgotten: /datasets/x means /v1/datasets/x. */
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
