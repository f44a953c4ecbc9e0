import swaggerUi from '@fastify/swagger-ui';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';

/** The reader's own files and the document, nothing from elsewhere. It writes styles of its own into the page. */
const docsCsp =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** /docs: the merged document in a browser, to read and to try, without a byte from anywhere else. */
export const getDocs: FastifyPluginAsyncTypebox = async (app) => {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: docsCsp,
    theme: { title: 'Almanac API' },
    uiConfig: { deepLinking: true, docExpansion: 'list', displayRequestDuration: true },
    uiHooks: {
      // Its own document would be the gateway's alone.
      onRequest: (request, reply, next) => {
        if (request.url.startsWith('/docs/json') || request.url.startsWith('/docs/yaml')) reply.redirect('/openapi.json');
        // Its assets are addressed by the root of the host, unless the page's own address ends with a slash.
        else if (request.prefix !== '' && /^\/docs(\?|$)/.test(request.url)) reply.redirect('/docs/');
        else next();
      },
    },
  });
};
