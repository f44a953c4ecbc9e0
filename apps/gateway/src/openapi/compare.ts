import type { Route, ServiceName } from '../route.ts';
import { type OpenApi, operationsOf, shapeOf } from './document.ts';

/**
 * Where the map and what the services say of themselves differ, as sentences; none when they agree. /openapi.json carries them as
 * `x-differences`, so that they can be looked for from outside.
 */
export function differences(routes: readonly Route[], documents: ReadonlyMap<ServiceName, OpenApi>): string[] {
  const found: string[] = [];
  for (const [service, document] of documents) {
    const described = new Set([...operationsOf(document)].map(({ method, path }) => `${method} ${shapeOf(path)}`));
    const mapped = new Set(routes.filter(({ owner }) => owner === service).map(({ method, path }) => `${method} ${shapeOf(path)}`));
    const own = new Set(routes.filter(({ owner }) => owner === 'self').map(({ method, path }) => `${method} ${shapeOf(path)}`));
    for (const route of mapped) if (!described.has(route)) found.push(`The map sends ${route} to ${service}, which does not describe it.`);
    for (const route of described) {
      // Health and the like: each service has its own, which nobody reaches from outside.
      if (!mapped.has(route) && !own.has(route)) found.push(`${service} describes ${route}, which the map does not send there.`);
    }
  }
  return found;
}
