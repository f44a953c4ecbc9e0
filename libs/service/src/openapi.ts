import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

export interface OpenApiOptions {
  title: string;
  version: string;
  description: string;
  /** what /openapi.json returns in place of this service's own document (the gateway: that of all services) */
  document?: ((prefix: string) => Promise<unknown>) | undefined;
}

/** A request body as OpenAPI has it; the schemas of its content are plain JSON Schema. */
interface RequestBody {
  description?: string;
  required?: boolean;
  content?: Readonly<Record<string, { schema: object }>>;
}

/**
 * In a route's schema: what the document says of the request body beyond the route's `body`, which Fastify validates and always requires.
 * A route that reads its body itself describes all of it here.
 */
export const documentedBody = (body: RequestBody) => ({ 'x-body': body });

/** In a route's schema: its body may be absent. */
export const OPTIONAL_BODY = documentedBody({ required: false });

/** The bytes of a file, as clients generated from the document send and receive them. */
export const BINARY = { type: 'string', format: 'binary' } as const;

function withDocumentedBodies<T extends { paths?: object }>(document: T): T {
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item as Record<string, { 'x-body'?: RequestBody; requestBody?: RequestBody }>)) {
      const { 'x-body': body } = operation;
      if (body === undefined) continue;
      delete operation['x-body'];
      operation.requestBody = { ...operation.requestBody, ...body };
    }
  }
  return document;
}

/** OpenAPI 3.1 of this service's tagged routes at /openapi.json; the gateway merges those of all services. */
export const openapi = fastifyPlugin(
  async (app: FastifyInstance, { title, version, description, document }: OpenApiOptions) => {
    await app.register(swagger, {
      openapi: { openapi: '3.1.0', info: { title, version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } } },
      hideUntagged: true,
      transformObject: (document) => withDocumentedBodies('openapiObject' in document ? document.openapiObject : document.swaggerObject),
      // Names shared shapes by their $id instead of def-0, def-1.
      refResolver: { buildLocalReference: (json, _base, _fragment, i) => (typeof json.$id === 'string' ? json.$id : `def-${i}`) },
    });
    app.get('/openapi.json', { schema: { hide: true }, logLevel: 'warn' }, async ({ prefix }) => document?.(prefix) ?? app.swagger());
  },
  { name: 'openapi' },
);
