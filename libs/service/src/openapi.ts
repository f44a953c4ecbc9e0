import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

export interface OpenApiOptions {
  title: string;
  version: string;
  description: string;
  /** returns the document for /openapi.json instead of this service's own (the gateway: that of all services) */
  document?: ((prefix: string) => Promise<unknown>) | undefined;
}

/** A request body in OpenAPI; its schemas are plain JSON Schema. */
interface RequestBody {
  description?: string;
  required?: boolean;
  content?: Readonly<Record<string, { schema: object }>>;
}

/**
 * A member of a route's schema that documents its request body beyond `body`, which Fastify validates and always requires. A route that
 * reads its body itself describes all of it here.
 */
export const documentedBody = (body: RequestBody) => ({ 'x-body': body });

/** A member of a route's schema: the body is optional. */
export const OPTIONAL_BODY = documentedBody({ required: false });

/** The schema of a file, for clients that are generated from the document. */
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

/** Adds /openapi.json: OpenAPI 3.1 of the tagged routes of this service. The gateway merges the documents of all services. */
export const openapi = fastifyPlugin(
  async (app: FastifyInstance, { title, version, description, document }: OpenApiOptions) => {
    await app.register(swagger, {
      openapi: { openapi: '3.1.0', info: { title, version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } } },
      hideUntagged: true,
      transformObject: (document) => withDocumentedBodies('openapiObject' in document ? document.openapiObject : document.swaggerObject),
      // Shared schemas get their $id as a name instead of def-0, def-1.
      refResolver: { buildLocalReference: (json, _base, _fragment, i) => (typeof json.$id === 'string' ? json.$id : `def-${i}`) },
    });
    app.get('/openapi.json', { schema: { hide: true }, logLevel: 'warn' }, async ({ prefix }) => document?.(prefix) ?? app.swagger());
  },
  { name: 'openapi' },
);
