import { problemResponse, sendJsonText } from '@almanac/service';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { AccessPolicy } from '../access/access-policy.ts';
import { baseOf } from '../access/public-address.ts';
import { routes } from '../map.ts';
import { helpObject, helpText } from './help-text.ts';
import { wantsJsonAlone } from './html.ts';

const textOrJson = {
  description: 'All routes',
  content: {
    'text/plain': { schema: Type.String() },
    'application/json': { schema: Type.Record(Type.String(), Type.String()) },
  },
};

export const getHelp: FastifyPluginAsyncTypebox<{ access: AccessPolicy }> = async (app, { access }) => {
  app.get(
    '/help',
    {
      schema: {
        tags: ['about'],
        operationId: 'getHelp',
        summary: 'List all routes with an example command, as text, or as JSON if the Accept header allows only JSON',
        querystring: Type.Object(
          { q: Type.Optional(Type.String({ maxLength: 100, description: 'show only routes that mention this text', examples: ['plot'] })) },
          { additionalProperties: false },
        ),
        response: { 200: textOrJson, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { q } = request.query;
      reply.header('vary', 'accept');
      if (wantsJsonAlone(request.headers.accept)) return sendJsonText(reply, `${JSON.stringify(helpObject(routes, q))}\n`);
      return reply.type('text/plain; charset=utf-8').send(helpText(routes, baseOf(request), q, access.tokens !== undefined) as never);
    },
  );
};
