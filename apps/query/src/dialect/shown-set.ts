import { DatasetParameter, datasetAsked, profiles, type QueryValues, shapeOf } from '@almanac/profiles';
import type { ReadCopy } from '@almanac/store';
import { Type } from 'typebox';
import type { SearchRunner } from '../searches.ts';
import type { CourseSets } from './course-sets.ts';
import { asStored, recordSet } from './record-set.ts';

/** Every data set has the first two; the others belong to profiles. */
const commonShapes = ['list', 'dict'];
const shapes = [...new Set([...commonShapes, ...profiles.flatMap((profile) => profile.shapes)])];

/** The parameters that choose a data set and the shape of its records. */
export const ShownParameters = {
  dataset: DatasetParameter,
  shape: Type.Optional(
    Type.Enum(shapes, {
      description: 'list (the default), dict keyed by id, or another form of the records, such as tsv and json for genes',
    }),
  ),
};

export interface Shown {
  copy: ReadCopy | undefined;
  /** the same as its profile shows it in this dialect */
  shown: ReadCopy | undefined;
  shape: string | undefined;
}

/** The requested data set in the requested shape. A view is kept as long as its copy, so only shapes that exist may make one. */
export async function shownIn(searches: SearchRunner, sets: CourseSets, query: QueryValues): Promise<Shown> {
  const { copy, profile } = await sets.general(datasetAsked(query));
  const shape = shapeOf(query, [...commonShapes, ...profile.shapes]);
  if (copy === undefined) return { copy, shown: undefined, shape };
  const own = shape === undefined || commonShapes.includes(shape) ? undefined : shape;
  const set = recordSet(copy, searches);
  await profile.prepare?.(set, own);
  const view = profile.view(set, own);
  return { copy, shown: view === undefined ? asStored(copy) : copy.viewed(`data ${own ?? ''}`, view), shape };
}
