import { ProblemError, shown, textOf } from '@almanac/domain';
import { Type } from 'typebox';
import { json, jsonText } from '../answer.ts';
import { Count, pageOf, shapeOf } from '../parameters.ts';
import { type RecordSet, tokens } from '../record-set.ts';
import type { ReadingRoute } from '../route.ts';
import { geneShapes, geneView } from './shapes.ts';

/** Every gene's id, in the source's order. */
const idsOf = (set: RecordSet): string[] =>
  set.kept('hgnc ids', () => Array.from(tokens(set, 'hgnc_id'), (token) => (token === undefined ? '' : textOf(token))));

export const routes: readonly ReadingRoute[] = [
  {
    service: 'query',
    method: 'GET',
    path: '/genes',
    summary: 'The ids of all genes',
    example: '"$BASE/genes?limit=3"',
    query: Type.Object({ limit: Count('the most ids to return'), offset: Count('how many ids to skip') }),
    answer({ set, query }) {
      const ids = idsOf(set);
      const { from, to } = pageOf(query, ids.length);
      return json(from === 0 && to === ids.length ? ids : ids.slice(from, to));
    },
  },
  {
    service: 'query',
    method: 'GET',
    path: '/genes/:hgnc_id',
    quick: true,
    summary: 'All that is known of one gene; shape=tsv has every column, shape=json only those with values',
    example: '$BASE/genes/HGNC:5',
    query: Type.Object({ shape: Type.Optional(Type.Enum([...geneShapes])) }),
    answer({ set, params: { hgnc_id: id = '' }, query }) {
      const shape = shapeOf(query, geneShapes);
      const row = set.byKey(id);
      if (row === undefined) throw new ProblemError('unknown-record', `There is no gene ${shown(id)}. GET /genes lists them.`);
      const view = geneView(set, shape);
      return jsonText(view === undefined ? row : view(row));
    },
  },
];
