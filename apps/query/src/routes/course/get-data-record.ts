import { ProblemError } from '@almanac/domain';
import { lastValues } from '@almanac/profiles';
import { courseResponses, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Context, searchesOf } from '../../context.ts';
import type { CourseSets } from '../../dialect/course-sets.ts';
import { sendJson } from '../../dialect/send-response.ts';
import { ShownParameters, shownIn } from '../../dialect/shown-set.ts';

export const getDataRecord: FastifyPluginAsyncTypebox<{ context: Context; sets: CourseSets }> = async (app, { context, sets }) => {
  app.get(
    '/data/:id',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseGetRecord',
        summary: 'One record by its id',
        params: Type.Object({ id: Type.String({ examples: ['10001'] }) }),
        querystring: Type.Object(ShownParameters),
        response: courseResponses('json'),
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const { copy, shown } = await shownIn(searchesOf(context, request), sets, lastValues(request.query));
      const row = copy?.byKey(id, shown);
      if (row === undefined) throw new ProblemError('unknown-record', `There is no record with the id '${id.slice(0, 80)}'.`);
      reply.header('cache-control', 'no-cache');
      sendJson(context, request, reply, `${row}\n`);
      return reply;
    },
  );
};
