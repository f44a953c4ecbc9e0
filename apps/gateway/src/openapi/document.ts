/** What the gateway reads of an OpenAPI document; the rest passes as it is. */
export interface OpenApi {
  openapi: string;
  info: { title: string; version: string; description?: string; [member: string]: unknown };
  tags?: { name: string; description?: string }[];
  servers?: unknown[];
  paths: Record<string, Record<string, Operation>>;
  components?: Record<string, Record<string, unknown>>;
  [extension: `x-${string}`]: unknown;
}

export interface Operation {
  operationId?: string;
  tags?: string[];
  parameters?: { name?: string; in?: string }[];
  [member: string]: unknown;
}

export const isOpenApi = (value: unknown): value is OpenApi =>
  typeof value === 'object' && value !== null && typeof (value as OpenApi).paths === 'object' && (value as OpenApi).paths !== null;

/** A path as the map and a document can be compared: `/v1/datasets/:id`, `/v1/datasets/{dataset}` and `/v1/datasets/{id}.csv` are one. */
export const shapeOf = (path: string): string => path.replace(/:\w+|\{[^}]+\}/g, '{}').replace(/\{\}\.(\{\}|\w+)$/, '{}');

/** Every operation of a document: method in upper case, path as it is written there. */
export function* operationsOf(document: OpenApi): Generator<{ method: string; path: string; operation: Operation }> {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (['get', 'put', 'post', 'patch', 'delete'].includes(method)) yield { method: method.toUpperCase(), path, operation };
    }
  }
}
