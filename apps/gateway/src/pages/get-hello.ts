import { ProblemError } from '@almanac/domain';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';

const TEXT = 'text/plain; charset=utf-8';

/** The course's first service, which answers at /hello. */
export const getHello: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { tags: ['course'], response: { 200: Type.String() }, produces: ['text/plain'] };
  app.get('/hello', { schema: { ...schema, operationId: 'courseGetHello', summary: 'A greeting' } }, async (_, reply) =>
    reply.type(TEXT).send('Hello, world!\n'),
  );
  app.get(
    '/hello/:name',
    {
      schema: {
        ...schema,
        operationId: 'courseGetHelloName',
        summary: 'A greeting by name',
        params: Type.Object({ name: Type.String({ examples: ['Ada'] }) }),
      },
    },
    async (request, reply) => {
      // The course's framework has no route for an empty name.
      if (request.params.name === '') throw new ProblemError('not-found', "There is nothing at '/hello/'. GET /help lists every route.");
      return reply.type(TEXT).send(`Hello, ${request.params.name}!\n`);
    },
  );
};
