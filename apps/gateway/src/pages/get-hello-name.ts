import { ProblemError } from '@almanac/domain';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { greetingSchema } from './get-hello.ts';

/** GET /hello/{name}: the course's first service, with a name. */
export const getHelloName: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/hello/:name',
    {
      schema: {
        ...greetingSchema,
        operationId: 'courseGetHelloName',
        summary: 'Get a greeting by name',
        params: Type.Object({ name: Type.String({ examples: ['Ada'] }) }),
      },
    },
    async (request, reply) => {
      // The course's framework has no route for an empty name.
      if (request.params.name === '') throw new ProblemError('not-found', "There is nothing at '/hello/'. GET /help lists every route.");
      return reply.type('text/plain; charset=utf-8').send(`Hello, ${request.params.name}!\n`);
    },
  );
};
