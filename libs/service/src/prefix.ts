import { requestLimits } from '@almanac/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/**
 * The header that carries the path under which callers reach Almanac, e.g. `/almanac`, from a proxy to the gateway and from the gateway to
 * every service. A service puts it in front of each path that it returns: Link, Location, hrefs and problem types. A service that does not
 * know the header returns paths without it.
 */
export const PREFIX = 'x-forwarded-prefix';

const segments = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/;

/** The prefix in a header or a setting: '' or a path such as `/almanac` without a slash at its end. What is malformed counts as none. */
export function prefixOf(value: string | string[] | undefined): string {
  if (typeof value !== 'string' || value.length > requestLimits.prefixLength.value) return '';
  const path = value.endsWith('/') ? value.slice(0, -1) : value;
  return segments.test(path) ? path : '';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** the path in front of every path that this answer returns; '' where there is none */
    readonly prefix: string;
  }
}

/** Puts the prefix into Link, Location and the paths in JSON bodies. Answers that a route writes itself use `request.prefix`. */
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
 * The body with the prefix in front of the paths that are Almanac's own. They stand in known places only, because a caller's values (inputs,
 * rows) may have members of the same names: `links`, `results`, `data`, `problem`, a problem's `type`, and each of `items`.
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

/** Results by name, each with where it is. */
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
