import { type Static, Type } from 'typebox';
import { dotColour } from '../channels/dot-colour.ts';
import { dotSize } from '../channels/dot-size.ts';
import { isLatitude, isLongitude } from '../choose/places.ts';
import { axisOf, called, extent, reordered, writeRange } from '../data/columns.ts';
import { countMissing, logNotes, missingNotes } from '../data/missing.ts';
import { writeCount } from '../data/numbers.ts';
import type { Axis } from '../figure.ts';
import { columnParam, measurable, numeric } from '../params.ts';
import { columnNamed, type PlotColumn, type PlotType } from '../plot-type.ts';

const logarithmic = (name: string) =>
  Type.Optional(
    Type.Boolean({
      title: `Logarithmic ${name}`,
      description: 'logarithmic axis; values of zero or less are not drawn, and a note counts them',
      default: false,
    }),
  );

export const ScatterParams = Type.Object({
  x: columnParam(measurable, { title: 'x', description: 'column on the horizontal axis', examples: ['reclong'] }),
  y: columnParam(measurable, { title: 'y', description: 'column on the vertical axis', examples: ['reclat'] }),
  color: Type.Optional(
    columnParam([...measurable, 'string', 'boolean'], {
      title: 'Colour',
      description:
        'column that colours the dots: by value with a colour bar (numbers, times), or by group with a legend (the ten most frequent, and others)',
      examples: ['year'],
    }),
  ),
  logColor: Type.Optional(
    Type.Boolean({ title: 'Logarithmic colour', description: 'colours follow the logarithm of the number', default: false }),
  ),
  size: Type.Optional(
    columnParam(numeric, { title: 'Size', description: 'column that sets the area of the dots', examples: ['mass (g)'] }),
  ),
  opacity: Type.Optional(
    Type.Number({
      minimum: 0.01,
      maximum: 1,
      title: 'Opacity',
      description: 'opacity of one dot; by default lower for more records',
      examples: [0.5],
    }),
  ),
  logX: logarithmic('x'),
  logY: logarithmic('y'),
  equalAspect: Type.Optional(
    Type.Boolean({
      title: 'Equal aspect',
      description: 'draws a unit of x as long as a unit of y; default: true for longitude and latitude',
      examples: [true],
    }),
  ),
});
export type ScatterParams = Static<typeof ScatterParams>;

export const scatter: PlotType<ScatterParams> = {
  id: 'scatter',
  aliases: ['point', 'points', 'dot', 'map', 'bubble'],
  title: 'Scatter plot',
  description:
    'Draws a dot for each record at the values of two columns; a third column may set its colour, a fourth its size. No record is sampled out.',
  Params: ScatterParams,
  figure(input) {
    const { params } = input;
    const order = params.size === undefined ? undefined : greatestFirst(columnNamed(input, params.size));
    const column = (name: string) => reordered(columnNamed(input, name), order);
    const [x, y] = [column(params.x), column(params.y)];
    const colour = dotColour(params.color === undefined ? undefined : column(params.color), params.logColor === true);
    const size = dotSize(params.size === undefined ? undefined : column(params.size), input.rows);
    const mark = { mark: 'points' as const, x: x.values, y: y.values, radius: size.radius, colour: colour.by };
    return {
      title: '',
      panels: [
        {
          x: placeAxis(x, params.logX),
          y: placeAxis(y, params.logY),
          marks: [{ ...mark, opacity: params.opacity ?? opacityFor(input.rows) }],
          keys: [...colour.keys, ...size.keys],
          colourbar: colour.colourbar,
          equalAspect: (params.equalAspect ?? (isLongitude(x.name) && isLatitude(y.name))) && params.logX !== true && params.logY !== true,
        },
      ],
      description: describe(x, y, params),
      notes: [
        ...missingNotes(params.x === params.y ? [x] : [x, y]),
        ...(params.logX === true ? logNotes(x) : []),
        ...(params.logY === true ? logNotes(y) : []),
        ...colour.notes,
        ...size.notes,
      ],
    };
  },
};

/** Large dots are drawn first, so that small ones lie on top of them and not beneath. */
function greatestFirst({ values }: PlotColumn): Uint32Array {
  const rank = (i: number) => (Number.isNaN(values[i]!) ? Number.NEGATIVE_INFINITY : values[i]!);
  return Uint32Array.from(values.keys()).sort((a, b) => (rank(a) === rank(b) ? a - b : rank(b) - rank(a)));
}

/** Dots that overlap must let each other through. */
const opacityFor = (rows: number): number => (rows <= 200 ? 0.85 : rows <= 2000 ? 0.7 : 0.5);

/** Longitudes and latitudes are written as degrees. */
function placeAxis(column: PlotColumn, isLog: boolean | undefined): Axis {
  const axis = axisOf(column, isLog);
  const [least, greatest] = extent(column.values);
  if (isLog === true || column.type === 'time') return axis;
  if (isLongitude(column.name) && least >= -360 && greatest <= 360) return { ...axis, format: 'degreesEast' };
  return isLatitude(column.name) && least >= -90 && greatest <= 90 ? { ...axis, format: 'degreesNorth' } : axis;
}

function describe(x: PlotColumn, y: PlotColumn, { color, size }: ScatterParams): string {
  const drawn = x.values.length - countMissing([x, y]);
  const more = `${color === undefined ? '' : `, coloured by ${color}`}${size === undefined ? '' : `, sized by ${size}`}`;
  return `Scatter plot of ${called(y)} against ${called(x)}, ${writeCount(drawn)} ${drawn === 1 ? 'point' : 'points'}${more}: ${writeRange(x)}; ${writeRange(y)}.`;
}
