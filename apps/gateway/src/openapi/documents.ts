import type { AccessPolicy } from '../access/access-policy.ts';
import { routes } from '../map.ts';
import type { Upstream } from '../proxy/upstream.ts';
import type { Owner, ServiceName } from '../route.ts';
import { differences } from './compare.ts';
import { describeAccess } from './describe-access.ts';
import { isOpenApi, type OpenApi } from './document.ts';
import { merge } from './merge.ts';

/** How long the merged document is cached, in milliseconds. */
const FRESH_MS = 10_000;

/**
 * Merges the services' OpenAPI documents on request, at most once in ten seconds. If a service does not respond, its last known document is
 * used and a note reports it.
 */
export class Documents {
  readonly #upstreams: readonly Upstream[];
  readonly #own: () => OpenApi;
  readonly #access: AccessPolicy;
  readonly #known = new Map<string, OpenApi>();
  #merged: OpenApi | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<OpenApi> | undefined;

  constructor(upstreams: readonly Upstream[], own: () => OpenApi, access: AccessPolicy) {
    this.#upstreams = upstreams;
    this.#own = own;
    this.#access = access;
  }

  async merged(): Promise<OpenApi> {
    if (this.#merged !== undefined && performance.now() - this.#fetchedAt < FRESH_MS) return this.#merged;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<OpenApi> {
    const notes = (await Promise.all(this.#upstreams.map((upstream) => this.#fetchOne(upstream)))).filter((note) => note !== undefined);
    const services = this.#upstreams.flatMap(({ name }): [ServiceName, OpenApi][] => {
      const document = this.#known.get(name);
      return document === undefined ? [] : [[name as ServiceName, document]];
    });
    const own = this.#own();
    const description = [own.info.description, ...notes].join('\n\n');
    const merged = merge(routes, new Map<Owner, OpenApi>([...services, ['self', own]]), { ...own.info, title: 'Almanac', description });
    describeAccess(merged, this.#access);
    merged['x-notes'] = notes;
    merged['x-differences'] = differences(routes, new Map(services));
    this.#merged = merged;
    // An incomplete document is not cached.
    this.#fetchedAt = notes.length > 0 ? Number.NEGATIVE_INFINITY : performance.now();
    return merged;
  }

  async #fetchOne(upstream: Upstream): Promise<string | undefined> {
    try {
      const { status, body } = await upstream.get('/openapi.json', { timeoutMs: 1_500 });
      const document: unknown = JSON.parse(body.toString());
      if (status !== 200 || !isOpenApi(document)) throw new Error(`no document, status ${status}`);
      this.#known.set(upstream.name, document);
      return undefined;
    } catch {
      const isKnown = this.#known.has(upstream.name);
      return `The service ${upstream.name} is unavailable; its routes are ${isKnown ? 'shown as last documented' : 'missing'}.`;
    }
  }
}
