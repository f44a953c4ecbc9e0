import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

export interface OpenApiOptions {
  title: string;
  version: string;
  description: string;
  /** what /openapi.json answers in place of this service's own document (the gateway: that of all services) */
  document?: (() => Promise<unknown>) | undefined;
}

/** OpenAPI 3.1 of this service's tagged routes at /openapi.json; the gateway merges those of all services. */
export const openapi = fastifyPlugin(
  async (app: FastifyInstance, { title, version, description, document }: OpenApiOptions) => {
    await app.register(swagger, {
      openapi: { openapi: '3.1.0', info: { title, version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } } },
      hideUntagged: true,
      // Names shared shapes by their $id instead of def-0, def-1.
      refResolver: { buildLocalReference: (json, _base, _fragment, i) => (typeof json.$id === 'string' ? json.$id : `def-${i}`) },
    });
    app.get('/openapi.json', { schema: { hide: true }, logLevel: 'warn' }, async () => document?.() ?? app.swagger());
  },
  { name: 'openapi' },
);
