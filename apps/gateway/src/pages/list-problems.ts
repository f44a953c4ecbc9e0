import { problemResponse } from '@almanac/service';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { sendPage, wantsHtml } from './html.ts';
import { jsonOrPage, ProblemEntry, problemEntries, problemsPage } from './problem-pages.ts';

/** GET /problems: the types that an error's `type` can have, as JSON or as a page. */
export const listProblems: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/problems',
    {
      schema: {
        tags: ['about'],
        operationId: 'listProblems',
        summary: 'List the problem types of the API',
        response: { 200: jsonOrPage(Type.Object({ items: Type.Array(ProblemEntry) })), default: problemResponse },
      },
    },
    async (request, reply) => {
      if (wantsHtml(request.headers.accept)) return sendPage(reply, problemsPage(request.prefix));
      return reply.header('vary', 'accept').send({ items: [...problemEntries] });
    },
  );
};
