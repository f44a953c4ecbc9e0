import { hint, ProblemError, problemTypes, shown } from '@almanac/domain';
import { problemResponse, skipValidation } from '@almanac/service';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import { sendPage, wantsHtml } from './html.ts';
import { jsonOrPage, ProblemEntry, problemEntries, problemPage } from './problem-pages.ts';

/** GET /problems/{type}: the address in an error's `type`, as JSON or as a page. */
export const getProblem: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/problems/:type',
    {
      schema: {
        tags: ['about'],
        operationId: 'getProblem',
        summary: 'Explain one problem type',
        params: Type.Object({ type: Type.Enum(Object.keys(problemTypes), { examples: ['unknown-column'] }) }),
        response: { 200: jsonOrPage(ProblemEntry), default: problemResponse },
      },
      // An unknown type is 404, not 400.
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const { type } = request.params;
      const entry = problemEntries.find((known) => known.type === `/problems/${type}`);
      if (entry === undefined) throw unknownType(type);
      if (wantsHtml(request.headers.accept)) return sendPage(reply, problemPage(entry, request.prefix));
      return reply.header('vary', 'accept').send(entry);
    },
  );
};

function unknownType(type: string): ProblemError {
  const names = problemEntries.map((known) => known.type.slice('/problems/'.length));
  return new ProblemError('not-found', `There is no problem type ${shown(type)}${hint(type, names)}.`);
}
