import { requestLimits } from '@almanac/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/**
 * The header with the path under which callers reach Almanac, e.g. `/almanac`. A proxy sends it to the gateway, and the gateway to every
 * service. A service prepends it to each path that it returns: Link, Location, hrefs and problem types. A service of an older version
 * returns paths without it.
 */
export const PREFIX = 'x-forwarded-prefix';

const segments = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;

/** The prefix in a header or a setting: a path such as `/almanac` without a trailing slash; '' if it is absent or malformed. */
export function prefixOf(value: string | string[] | undefined): string {
  if (typeof value !== 'string' || value.length > requestLimits.prefixLength.value) return '';
  const path = value.endsWith('/') ? value.slice(0, -1) : value;
  return segments.test(path) ? path : '';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** the path to prepend to every path in the response; '' if there is none */
    readonly prefix: string;
  }
}

/** Prepends the prefix in Link, Location and the paths of JSON bodies. Routes that serialize a response themselves use `request.prefix`. */
export const prefixes = fastifyPlugin(
  async (app: FastifyInstance) => {
    app.decorateRequest('prefix', {
      getter(this: FastifyRequest) {
        return prefixOf(this.headers[PREFIX]);
      },
    });
    app.addHook('preSerialization', (request, _, payload, done) => done(null, withPrefix(payload, request.prefix)));
    app.addHook('onSend', (request, reply, payload, done) => {
      const { prefix } = request;
      if (prefix !== '') {
        const { location, link } = reply.getHeaders();
        if (typeof location === 'string') reply.header('location', pathAt(location, prefix));
        if (typeof link === 'string') reply.header('link', link.replace(/<(\/(?!\/)[^>]*)>/g, `<${prefix}$1>`));
      }
      done(null, payload);
    });
  },
  { name: 'prefixes' },
);

const pathAt = (path: string, prefix: string): string => (/^\/(?!\/)/.test(path) ? prefix + path : path);

type Members = Record<string, unknown>;
const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The body with the prefix in Almanac's own paths. Only known members are changed, because a caller's values (inputs, rows) may have members
 * of the same names: `links`, `results`, `data`, `problem`, the `type` of a problem, and each of `items`.
 */
export function withPrefix<T>(body: T, prefix: string): T {
  if (prefix === '' || !isMembers(body)) return body;
  const { links, results, data, problem, type, items } = body as Members;
  return {
    ...body,
    ...(Array.isArray(links) ? { links: links.map((link) => targetAt(link, prefix)) } : {}),
    ...(isMembers(results) ? { results: resultsAt(results, prefix) } : {}),
    ...(isMembers(data) ? { data: targetAt(data, prefix) } : {}),
    ...(isMembers(problem) ? { problem: withPrefix(problem, prefix) } : {}),
    ...(typeof type === 'string' && type.startsWith('/problems/') ? { type: prefix + type } : {}),
    ...(Array.isArray(items) ? { items: items.map((item) => withPrefix(item, prefix)) } : {}),
  };
}

/** Results by name, with the prefix in their paths. */
export const resultsAt = <T extends object>(results: T, prefix: string): T =>
  prefix === '' ? results : (Object.fromEntries(Object.entries(results).map(([name, at]) => [name, targetAt(at, prefix)])) as T);

function targetAt(target: unknown, prefix: string): unknown {
  if (!isMembers(target)) return target;
  const { href, csv } = target;
  return {
    ...target,
    ...(typeof href === 'string' ? { href: pathAt(href, prefix) } : {}),
    ...(typeof csv === 'string' ? { csv: pathAt(csv, prefix) } : {}),
  };
}
