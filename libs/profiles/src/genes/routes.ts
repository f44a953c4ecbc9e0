import { ProblemError, shown, textOf, tokenOf } from '@almanac/domain';
import { Type } from 'typebox';
import { Count, pageOf, shapeOf } from '../parameters.ts';
import type { RecordSet } from '../record-set.ts';
import { jsonText, list } from '../response.ts';
import type { ReadingRoute } from '../route.ts';
import { geneShapes, geneView, prepareGeneView } from './shapes.ts';

/** Every gene's id, in the source's order. */
const idsOf = (set: RecordSet): Promise<string[]> =>
  set.computed('hgnc ids', () => {
    const ids: string[] = [];
    return {
      row: (text) => {
        const token = tokenOf(text, 'hgnc_id');
        ids.push(token === undefined ? '' : textOf(token));
      },
      done: () => ids,
    };
  });

export const routes: readonly ReadingRoute[] = [
  {
    service: 'query',
    method: 'GET',
    path: '/genes',
    summary: 'The ids of all genes',
    example: '"$BASE/genes?limit=3"',
    query: Type.Object({ limit: Count('at most this many ids'), offset: Count('ids to skip') }),
    async respond({ set, query }) {
      const ids = await idsOf(set);
      const { from, to } = pageOf(query, ids.length);
      return list(ids, from, to);
    },
  },
  {
    service: 'query',
    method: 'GET',
    path: '/genes/:hgnc_id',
    quick: true,
    summary: 'One gene; shape=tsv has every column, shape=json only those with values',
    example: '$BASE/genes/HGNC:5',
    query: Type.Object({ shape: Type.Optional(Type.Enum([...geneShapes])) }),
    async respond({ set, params: { hgnc_id: id = '' }, query }) {
      const shape = shapeOf(query, geneShapes);
      const row = set.byKey(id);
      if (row === undefined) throw new ProblemError('unknown-record', `There is no gene ${shown(id)}. GET /genes lists them.`);
      await prepareGeneView(set, shape);
      const view = geneView(set, shape);
      return jsonText(view === undefined ? row : view(row));
    },
  },
];
