import swaggerUi from '@fastify/swagger-ui';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';

/** Swagger UI's files and the document only. Swagger UI needs inline styles. */
const docsCsp =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** GET /docs: the merged document in Swagger UI, without any file from another host. */
export const getDocs: FastifyPluginAsyncTypebox = async (app) => {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: docsCsp,
    theme: { title: 'Almanac API' },
    uiConfig: { deepLinking: true, docExpansion: 'list', displayRequestDuration: true },
    uiHooks: {
      // The plugin's own document holds the gateway's routes only.
      onRequest: (request, reply, next) => {
        if (request.url.startsWith('/docs/json') || request.url.startsWith('/docs/yaml')) reply.redirect('/openapi.json');
        // Without a trailing slash, the page would load its assets from the root of the host.
        else if (request.prefix !== '' && /^\/docs(\?|$)/.test(request.url)) reply.redirect('/docs/');
        else next();
      },
    },
  });
};
