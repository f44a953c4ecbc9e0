import { hint, ProblemError, problemTypes, shown } from '@almanac/domain';
import { problemResponse, readByRoute } from '@almanac/service';
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox';
import type { TSchema } from 'typebox';
import { sendPage, wantsHtml } from './html.ts';
import { problemEntries, problemPage, problemsPage } from './problem-pages.ts';

const Entry = Type.Object({ type: Type.String(), status: Type.Integer(), title: Type.String(), meaning: Type.String() });

/** A browser gets a page. */
const orPage = <T extends TSchema>(schema: T) =>
  ({
    description: 'As JSON, or as a page',
    content: { 'application/json': { schema }, 'text/html': { schema: Type.String() } },
  }) as unknown as T;

/** /problems and /problems/{type}: what `type` in an error's body leads to, for people and for programs. */
export const getProblems: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { tags: ['about'] };
  app.get(
    '/problems',
    {
      schema: {
        ...schema,
        operationId: 'listProblems',
        summary: 'Every type of error',
        response: { 200: orPage(Type.Object({ items: Type.Array(Entry) })), default: problemResponse },
      },
    },
    async (request, reply) => {
      if (wantsHtml(request.headers.accept)) return sendPage(reply, problemsPage(request.prefix));
      return reply.header('vary', 'accept').send({ items: [...problemEntries] });
    },
  );
  app.get(
    '/problems/:type',
    {
      schema: {
        ...schema,
        operationId: 'getProblem',
        summary: 'What one type of error means',
        params: Type.Object({ type: Type.Enum(Object.keys(problemTypes), { examples: ['unknown-column'] }) }),
        response: { 200: orPage(Entry), default: problemResponse },
      },
      // An unknown type is not found, which is 404 and not 400.
      validatorCompiler: readByRoute,
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

const unknownType = (type: string): ProblemError =>
  new ProblemError(
    'not-found',
    `There is no problem type ${shown(type)}${hint(
      type,
      problemEntries.map((known) => known.type.slice('/problems/'.length)),
    )}.`,
  );
