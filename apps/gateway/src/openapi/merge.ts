import type { Owner, Route } from '../route.ts';
import { type OpenApi, type Operation, operationsOf, shapeOf } from './document.ts';

/** Merges the documents of the services and of the gateway into one, with only the routes of the map. */
export function merge(routes: readonly Route[], documents: ReadonlyMap<Owner, OpenApi>, info: OpenApi['info']): OpenApi {
  const merged: OpenApi = { openapi: '3.1.0', info, servers: [], tags: [], paths: {}, components: {} };
  const ids = new Set<string>();
  for (const [owner, original] of documents) {
    const document = takeComponents(merged, owner, original);
    for (const { method, path, operation } of operationsOf(document)) {
      const route = routes.find((known) => known.owner === owner && known.method === method && shapeOf(known.path) === shapeOf(path));
      if (route === undefined) continue;
      const full = `${method.toLowerCase()}${route.path}`;
      const id = operation.operationId ?? full;
      const unique = [id, `${owner}-${id}`].find((name) => !ids.has(name)) ?? full;
      ids.add(unique);
      const [sharedPath, shared] = withNamesOf(route, path, { ...operation, operationId: unique });
      merged.paths[sharedPath] = { ...merged.paths[sharedPath], [method.toLowerCase()]: shared };
    }
  }
  merged.tags = tagsOf(merged, documents);
  return merged;
}

/** Adds a document's components to the merged ones. A name that is taken by another component gets the service's name as a prefix. */
function takeComponents(merged: OpenApi, owner: Owner, document: OpenApi): OpenApi {
  let text = JSON.stringify(document);
  for (const [kind, members] of Object.entries(document.components ?? {})) {
    for (const [name, member] of Object.entries(members)) {
      const there = merged.components?.[kind]?.[name];
      if (there === undefined || JSON.stringify(there) === JSON.stringify(member)) continue;
      const own = `${owner}${name}`;
      text = text.replaceAll(`"#/components/${kind}/${name}"`, `"#/components/${kind}/${own}"`);
      text = text.replace(`"${name}":${JSON.stringify(member)}`, `"${own}":${JSON.stringify(member)}`);
    }
  }
  const renamed = JSON.parse(text) as OpenApi;
  for (const [kind, members] of Object.entries(renamed.components ?? {})) {
    (merged.components as Record<string, object>)[kind] = { ...merged.components?.[kind], ...members };
  }
  return renamed;
}

const namesIn = (path: string): string[] => [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string);

/** Two services may use different names for the same path parameter; one document must not. The names of the map are used. */
function withNamesOf(route: Route, path: string, operation: Operation): [string, Operation] {
  const wanted = route.path.replace(/:(\w+)/g, '{$1}');
  if (wanted === path || path.includes('}.')) return [path, operation];
  const renamed = new Map(namesIn(path).map((name, i) => [name, namesIn(wanted)[i] as string]));
  const parameters = operation.parameters?.map((parameter) =>
    parameter.in === 'path' ? { ...parameter, name: renamed.get(parameter.name ?? '') ?? parameter.name ?? '' } : parameter,
  );
  return [wanted, parameters === undefined ? operation : { ...operation, parameters }];
}

function tagsOf(merged: OpenApi, documents: ReadonlyMap<Owner, OpenApi>): NonNullable<OpenApi['tags']> {
  const described = new Map([...documents.values()].flatMap((document) => document.tags ?? []).map((tag) => [tag.name, tag]));
  const used = new Set([...operationsOf(merged)].flatMap(({ operation }) => operation.tags ?? []));
  return [...used].map((name) => described.get(name) ?? { name });
}
