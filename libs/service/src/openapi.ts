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

/** In a route's schema: its body may be absent. The plugin has no word of its own for that. */
export const OPTIONAL_BODY = { 'x-optional-body': true } as const;

function withOptionalBodies<T extends { paths?: object }>(document: T): T {
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item as Record<string, { 'x-optional-body'?: true; requestBody?: { required?: boolean } }>)) {
      if (operation['x-optional-body'] !== true) continue;
      delete operation['x-optional-body'];
      if (operation.requestBody !== undefined) operation.requestBody.required = false;
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
      transformObject: (document) => withOptionalBodies('openapiObject' in document ? document.openapiObject : document.swaggerObject),
      // Names shared shapes by their $id instead of def-0, def-1.
      refResolver: { buildLocalReference: (json, _base, _fragment, i) => (typeof json.$id === 'string' ? json.$id : `def-${i}`) },
    });
    app.get('/openapi.json', { schema: { hide: true }, logLevel: 'warn' }, async ({ prefix }) => document?.(prefix) ?? app.swagger());
  },
  { name: 'openapi' },
);
