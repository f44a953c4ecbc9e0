import { invalidParameter, ProblemError, readLimits } from '@almanac/domain';
import { Count, DatasetParameter, datasetAsked, lastValues, pageOf, profiles, type QueryValues, shapeOf } from '@almanac/profiles';
import { courseResponses, sendJsonText, skipValidation } from '@almanac/service';
import type { ReadCopy } from '@almanac/store';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Context, searchesOf } from '../../context.ts';
import type { CourseSets } from '../../course/course-sets.ts';
import { dictPieces, nameOf } from '../../course/dict-pieces.ts';
import { asStored, recordSet } from '../../course/record-set.ts';
import { placesWith } from '../../course/search.ts';
import { itemPieces, sendJson, sendPieces, sendRows } from '../../course/send-answer.ts';
import { atMost } from '../../records/parameters.ts';
import { select } from '../../records/selection.ts';
import type { SearchRunner } from '../../searches.ts';

/** Every data set has the first two; the others belong to profiles. */
const commonShapes = ['list', 'dict'];
const shapes = [...new Set([...commonShapes, ...profiles.flatMap((profile) => profile.shapes)])];

const Query = Type.Object({
  dataset: DatasetParameter,
  start: Count('the first record, counted from 0'),
  limit: Count('the most records to return'),
  offset: Count('how many records to skip'),
  search: Type.Optional(Type.String({ description: 'only records with a value that contains this text' })),
  shape: Type.Optional(
    Type.Enum(shapes, {
      description: 'list (the default), dict keyed by id, or another form of the records, such as tsv and json for genes',
    }),
  ),
});

export const getData: FastifyPluginAsyncTypebox<{ context: Context; sets: CourseSets }> = async (app, { context, sets }) => {
  app.get(
    '/data',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseGetData',
        summary: 'All records, with the values the source has',
        description: 'An empty list where nothing is loaded.\n\n```\ncurl "http://localhost:5000/data?limit=3"\n```',
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

  app.get(
    '/get-keys',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseGetKeys',
        summary: 'The ids of all records',
        querystring: Type.Pick(Query, ['dataset']),
        response: courseResponses('json'),
      },
      validatorCompiler: skipValidation,
    },
    async (request, reply) => {
      const { copy } = await sets.general(datasetAsked(lastValues(request.query)));
      reply.header('cache-control', 'no-cache');
      const keys = copy === undefined ? [] : await keysOf(copy, searchesOf(context, request));
      sendPieces(context, request, reply, itemPieces({ items: keys, from: 0, to: keys.length }), { copy, places: undefined });
      return reply;
    },
  );

  app.get(
    '/data/:id',
    {
      schema: {
        tags: ['course'],
        operationId: 'courseGetRecord',
        summary: 'One record by its id',
        params: Type.Object({ id: Type.String({ examples: ['10001'] }) }),
        querystring: Type.Pick(Query, ['dataset', 'shape']),
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

interface Shown {
  copy: ReadCopy | undefined;
  /** the same as its profile shows it in this dialect */
  shown: ReadCopy | undefined;
  shape: string | undefined;
}

/** The rows with a value that contains the text; undefined: every row. */
async function placesOf(searches: SearchRunner, shown: ReadCopy | undefined, search = ''): Promise<Uint32Array | undefined> {
  if (shown === undefined || search === '') return undefined;
  atMost(readLimits.filterCharacters, search.length, 'The text to search for is too long');
  return searches.run(shown, (turn) => placesWith(shown, search, turn));
}

const keysOf = (copy: ReadCopy, searches: SearchRunner): Promise<string[]> =>
  recordSet(copy, searches).computed('keys', () => {
    const keys: string[] = [];
    return {
      row: (row) => {
        keys.push(nameOf(row, copy.schema.key, keys.length));
      },
      done: () => keys,
    };
  });

/** The data set asked for, in the shape asked for. A view is kept as long as its copy, so only shapes that exist may make one. */
async function shownIn(searches: SearchRunner, sets: CourseSets, query: QueryValues): Promise<Shown> {
  const { copy, profile } = await sets.general(datasetAsked(query));
  const shape = shapeOf(query, [...commonShapes, ...profile.shapes]);
  if (copy === undefined) return { copy, shown: undefined, shape };
  const own = shape === undefined || commonShapes.includes(shape) ? undefined : shape;
  const set = recordSet(copy, searches);
  await profile.prepare?.(set, own);
  const view = profile.view(set, own);
  return { copy, shown: view === undefined ? asStored(copy) : copy.viewed(`data ${own ?? ''}`, view), shape };
}

function startOf(given: string | undefined): number {
  if (given === undefined || given === '') return 0;
  if (!/^\d{1,300}$/.test(given)) throw invalidParameter('start', given, 'start must be a non-negative integer');
  return Number(given);
}
