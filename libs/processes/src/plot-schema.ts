import { hint, ProblemError, shown } from '@almanac/domain';
import { Picture, type PlotTypeId, plotTypeIds, plotTypes } from '@almanac/plots';
import { type TObject, type TSchema, Type } from 'typebox';
import { describeValue } from './invalid-input.ts';
import { common } from './plot-inputs.ts';

/** The plot type that inputs name, or undefined if they name none. Throws 'unknown-plot-type'. */
export function plotTypeIn({ type }: Readonly<Record<string, unknown>>): PlotTypeId | undefined {
  const known = plotTypeIds.find((id) => id === type);
  if (type === undefined || known !== undefined) return known;
  const named =
    typeof type === 'string' ? shown(type) + hint(type, plotTypeIds) : `${describeValue(type)} (there are: ${plotTypeIds.join(', ')})`;
  throw new ProblemError('unknown-plot-type', `There is no plot type ${named}.`, {
    errors: [{ path: '/inputs/type', detail: `no plot type ${named}` }],
  });
}

const schemas = new Map<PlotTypeId | undefined, TObject>();

/** The schema of what a plot takes beside its records: of one plot type, or of all together. Every member may be left out. */
export function plotSchema(type: PlotTypeId | undefined): TObject {
  const known = schemas.get(type);
  if (known !== undefined) return known;
  const alternatives = new Map<string, TSchema[]>();
  for (const id of type === undefined ? plotTypeIds : [type])
    for (const [name, schema] of Object.entries(plotTypes[id].Params.properties))
      alternatives.set(name, [...(alternatives.get(name) ?? []), schema]);
  const params = [...alternatives].map(([name, schemas]) => [
    name,
    Type.Optional(schemas.length === 1 ? (schemas[0] as TSchema) : Type.Union(schemas)),
  ]);
  const schema = Type.Object(
    { ...Picture.properties, type: Type.Optional(Type.String()), ...Object.fromEntries(params) },
    { additionalProperties: false },
  );
  schemas.set(type, schema);
  return schema;
}

/** The detail of a problem about a member that a plot of this type does not have. */
export function unknownMember(name: string, type: PlotTypeId | undefined): string {
  const others = plotTypeIds.filter((id) => Object.hasOwn(plotTypes[id].Params.properties, name));
  if (type !== undefined && others.length > 0)
    return `a plot of type '${type}' has no ${shown(name)}; ${others.join(', ')} ${others.length === 1 ? 'has' : 'have'}`;
  const known = [...new Set([...Object.keys(common), ...Object.keys(plotSchema(type).properties)])];
  return `there is no member ${shown(name)}${hint(name, known, 40)}`;
}
