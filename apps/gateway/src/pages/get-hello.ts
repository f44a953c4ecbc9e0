import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';

export const greetingSchema = { tags: ['course'], response: { 200: Type.String() }, produces: ['text/plain'] };

/** GET /hello: the course's first service. */
export const getHello: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/hello', { schema: { ...greetingSchema, operationId: 'courseGetHello', summary: 'Get a greeting' } }, async (_, reply) =>
    reply.type('text/plain; charset=utf-8').send('Hello, world!\n'),
  );
};
