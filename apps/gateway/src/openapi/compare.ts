import type { Route, ServiceName } from '../route.ts';
import { type OpenApi, operationsOf, shapeOf } from './document.ts';

/**
 * The differences between the map and the services' OpenAPI documents, as sentences; empty if they agree. /openapi.json reports them as
 * `x-differences`, so that tests can read them from outside.
 */
export function differences(routes: readonly Route[], documents: ReadonlyMap<ServiceName, OpenApi>): string[] {
  const found: string[] = [];
  for (const [service, document] of documents) {
    const described = new Set([...operationsOf(document)].map(({ method, path }) => `${method} ${shapeOf(path)}`));
    const mapped = new Set(routes.filter(({ owner }) => owner === service).map(({ method, path }) => `${method} ${shapeOf(path)}`));
    const own = new Set(routes.filter(({ owner }) => owner === 'self').map(({ method, path }) => `${method} ${shapeOf(path)}`));
    for (const route of mapped) if (!described.has(route)) found.push(`The map sends ${route} to ${service}, which does not document it.`);
    for (const route of described) {
      // Each service has its own health routes and metrics, which callers cannot reach.
      if (!mapped.has(route) && !own.has(route)) found.push(`${service} documents ${route}, which the map does not send there.`);
    }
  }
  return found;
}
