/** The part of an OpenAPI document that the gateway reads; the rest is kept unchanged. */
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

/** A path in a form that can be compared: `/v1/datasets/:id`, `/v1/datasets/{dataset}` and `/v1/datasets/{id}.csv` are equal. */
export const shapeOf = (path: string): string => path.replace(/:\w+|\{[^}]+\}/g, '{}').replace(/\{\}\.(\{\}|\w+)$/, '{}');

/** Every operation of a document: the method in upper case, and the path as written. */
export function* operationsOf(document: OpenApi): Generator<{ method: string; path: string; operation: Operation }> {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (['get', 'put', 'post', 'patch', 'delete'].includes(method)) yield { method: method.toUpperCase(), path, operation };
    }
  }
}
