import { invalidParameter, readLimits } from '@almanac/domain';
import { Count, lastValues, pageOf } from '@almanac/profiles';
import { courseResponses, sendJsonText, skipValidation } from '@almanac/service';
import type { ReadCopy } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Context, searchesOf } from '../../context.ts';
import type { CourseSets } from '../../dialect/course-sets.ts';
import { dictPieces } from '../../dialect/dict-pieces.ts';
import { placesWith } from '../../dialect/search.ts';
import { sendPieces, sendRows } from '../../dialect/send-response.ts';
import { ShownParameters, shownIn } from '../../dialect/shown-set.ts';
import { atMost } from '../../records/parameters.ts';
import { select } from '../../rows/selection.ts';
import type { SearchRunner } from '../../searches.ts';

const Query = Type.Object({
  ...ShownParameters,
  start: Count('the first record, counted from 0'),
  limit: Count('at most this many records'),
  offset: Count('records to skip'),
  search: Type.Optional(Type.String({ description: 'only records with a value that contains this text' })),
});

export const getData: FastifyPluginAsyncTypebox<{ context: Context; sets: CourseSets }> = async (app, { context, sets }) => {
  app.get(
    '/data',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseGetData',
        summary: 'All records, with the values the source has',
        description: 'An empty list if no data is loaded.\n\n```\ncurl "http://localhost:5000/data?limit=3"\n```',
        querystring: Query,
        response: courseResponses('json'),
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const query = lastValues(request.query);
      const { shown, shape } = await shownIn(searchesOf(context, request), sets, query);
      const start = startOf(query.start);
      reply.header('cache-control', 'no-cache');
      const places = await placesOf(searchesOf(context, request), shown, query.search);
      const total = places?.length ?? shown?.rows ?? 0;
      const page = pageOf(query, Math.max(0, total - start));
      const [from, to] = [page.from + start, page.to + start];
      const selection = shown === undefined ? undefined : select(shown, places, from, to - from);
      if (shape !== 'dict') sendRows(context, request, reply, selection);
      else if (selection === undefined || to <= from) sendJsonText(reply, '{}\n');
      else sendPieces(context, request, reply, dictPieces(selection), selection);
    },
  );
};

/** The rows with a value that contains the text; undefined: every row. */
async function placesOf(searches: SearchRunner, shown: ReadCopy | undefined, search = ''): Promise<Uint32Array | undefined> {
  if (shown === undefined || search === '') return undefined;
  atMost(readLimits.filterCharacters, search.length, 'The text to search for is too long');
  return searches.run(shown, (timeSlice) => placesWith(shown, search, timeSlice));
}

function startOf(given: string | undefined): number {
  if (given === undefined || given === '') return 0;
  if (!/^\d{1,300}$/.test(given)) throw invalidParameter('start', given, 'start must be a non-negative integer');
  return Number(given);
}
