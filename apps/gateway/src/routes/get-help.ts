import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { baseOf } from '../pages/base.ts';
import { helpText } from '../pages/help.ts';
import { routes } from '../routes.ts';

export const getHelp: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/help',
    {
      schema: {
        tags: ['about'],
        operationId: 'getHelp',
        summary: 'Every route with a command to paste, as text',
        querystring: Type.Object(
          { q: Type.Optional(Type.String({ maxLength: 100, description: 'show only what mentions this', examples: ['plot'] })) },
          { additionalProperties: false },
        ),
        response: { 200: Type.String() },
        produces: ['text/plain'],
      },
    },
    async (request, reply) => reply.type('text/plain; charset=utf-8').send(helpText(routes, baseOf(request), request.query.q)),
  );
};
