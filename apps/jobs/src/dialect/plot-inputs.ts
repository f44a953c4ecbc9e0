import { type ColumnReport, ProblemError, shown } from '@almanac/domain';
import { plotTypeIds, plotTypeNamed } from '@almanac/plots';
import type { Profile } from '@almanac/profiles';
import { styleOf } from './format-string.ts';
import { normalizedName } from './request-body.ts';

type Member = readonly [name: string, value: unknown];
type Inputs = Record<string, unknown>;

/** The plot type that clients mean by a name such as `Scatter Plot` or `barchart`. */
const kindOf = (value: string): string | undefined =>
  plotTypeNamed(normalizedName(value).replace(/(plot|chart|graph|diagram)$/, '') || 'plot');

/** Members that say which plot, by what they mean for it. */
const meanings: ReadonlyMap<string, string> = new Map(
  Object.entries({
    type: 'type',
    plottype: 'type',
    charttype: 'type',
    graphtype: 'type',
    kind: 'type',
    method: 'type',
    plot: 'type',
    x: 'x',
    xcolumn: 'x',
    xcol: 'x',
    xaxis: 'x',
    xvalue: 'x',
    y: 'y',
    ycolumn: 'y',
    ycol: 'y',
    yaxis: 'y',
    yvalue: 'y',
    column: 'column',
    columns: 'column',
    field: 'column',
    fields: 'column',
    variable: 'column',
    variables: 'column',
    color: 'color',
    colour: 'color',
    hue: 'color',
    size: 'size',
    title: 'title',
    bins: 'bins',
    width: 'width',
    height: 'height',
    format: 'format',
    fmt: 'format',
    formatstring: 'format',
    style: 'format',
    styles: 'format',
    subplot: 'subplot',
  }),
);

/** Whether a member says which kind of plot, in words that are known, rather than which rows: a column may be called `type` too. */
export const isKindOfPlot = (name: string, value: unknown): boolean =>
  meanings.get(normalizedName(name)) === 'type' && typeof value === 'string' && kindOf(value) !== undefined;

export interface PlotInputs {
  inputs: Inputs;
  note: string | undefined;
}

/** Which plot a job is to draw: what its members say, filled up with what is usual for data of this profile. */
export function plotInputs(members: readonly Member[], columns: readonly ColumnReport[], profile: Profile): PlotInputs {
  const said = new Map<string, unknown>();
  const notes: string[] = [];
  for (const [name, value] of members) {
    const meaning = meanings.get(normalizedName(name));
    if (meaning === undefined || said.has(meaning) || value === null || value === undefined || value === '') continue;
    if (meaning !== 'type') said.set(meaning, value);
    else if (typeof value === 'string' && kindOf(value) !== undefined) {
      said.set('type', kindOf(value));
      if (normalizedName(value).startsWith('pie')) notes.push('Shares are drawn as bars, which can be compared by eye.');
    } else
      notes.push(
        `${name} ${shown(value)} is no kind of plot that is known here (${plotTypeIds.join(', ')}); it was kept, and another was drawn.`,
      );
  }
  const { type, x, y, column, format, subplot, ...rest } = Object.fromEntries(said);
  const styles = stylesOf(format);
  const drawn = choose({ type, x, y, column, styles }, columns, profile);
  return {
    inputs: { ...drawn, ...rest, ...(subplot === undefined ? {} : { subplot: cellOf(subplot) }) },
    note: notes.length === 0 ? undefined : notes.join(' '),
  };
}

interface Said {
  type: unknown;
  x: unknown;
  y: unknown;
  column: unknown;
  styles: string[] | undefined;
}

/** The plot's type and columns, where something was said of them; the profile's usual plot where nothing was. */
function choose({ type, x, y, column, styles }: Said, columns: readonly ColumnReport[], profile: Profile): Inputs {
  const usual = usualPlot(profile, columns);
  // A format string is about a line: matplotlib's `ro` is one of which only the dots are drawn.
  const wanted = styles === undefined ? type : 'line';
  const isColumnSaid = x !== undefined || y !== undefined || column !== undefined;
  const inputs: Inputs = {
    ...(isColumnSaid || (wanted !== undefined && wanted !== usual.type) ? pictureOf(usual) : usual),
    ...(wanted === undefined ? {} : { type: wanted }),
    ...(x === undefined ? {} : { x }),
    ...(y === undefined ? {} : { y }),
    ...(column === undefined ? {} : columnOf(column, wanted, profile, columns)),
  };
  if (styles === undefined) return inputs;
  const only = type === 'scatter' ? styles.map((style) => style.replace(/[-:]+/g, '') || 'o') : styles;
  return { ...inputs, styles: only };
}

const pictureOf = ({ type: _type, x: _x, y: _y, color: _color, styles: _styles, title: _title, ...picture }: Inputs): Inputs => picture;

/** The profile's plot, unless these records lack a column of it. */
function usualPlot({ defaultPlot = {} }: Profile, columns: readonly ColumnReport[]): Inputs {
  const names = new Set(columns.map(({ name }) => name));
  const needed = [defaultPlot.x, defaultPlot.y, defaultPlot.color].flat().filter((name) => typeof name === 'string');
  return needed.every((name) => names.has(name)) ? { ...defaultPlot } : {};
}

/** One column, or several, that is named without saying along which axis. */
function columnOf(column: unknown, type: unknown, { timeColumn }: Profile, columns: readonly ColumnReport[]): Inputs {
  const names = [column].flat();
  const report = columns.find(({ name }) => name === names[0]);
  const along = columns.find(({ name }) => name === timeColumn) ?? columns.find((one) => one.type === 'time');
  if (type === 'line') return { ...(along === undefined ? {} : { x: along.name }), y: names.length === 1 ? names[0] : names };
  if (names.length > 1) return { x: names[0], y: names[1], ...(type === undefined ? { type: 'scatter' } : {}) };
  if (type !== undefined) return { x: names[0] };
  return { type: report?.type === 'integer' || report?.type === 'number' ? 'histogram' : 'bar', x: names[0] };
}

const pictures = new Set(['png', 'svg', 'pdf', 'jpg', 'jpeg', 'json', 'image']);

function stylesOf(format: unknown): string[] | undefined {
  if (format === undefined || (typeof format === 'string' && pictures.has(format.toLowerCase()))) return undefined;
  return [format].flat().map((one) => {
    const style = typeof one === 'string' ? styleOf(one) : undefined;
    if (style !== undefined) return style;
    throw new ProblemError(
      'invalid-body',
      `format: ${shown(one)} is not a format string as matplotlib has them, such as "r-o", "g--" or "k^:".`,
    );
  });
}

/** [2, 1, 1], "2,1,1" and matplotlib's 211. */
function cellOf(subplot: unknown): unknown {
  const numbers = Array.isArray(subplot)
    ? subplot
    : String(subplot).match(/[,\s]/)
      ? String(subplot).split(/[,\s]+/)
      : [...String(subplot)];
  const cell = numbers.map(Number);
  if (cell.length === 3 && cell.every((one) => Number.isInteger(one) && one >= 1 && one <= 20)) return cell;
  throw new ProblemError('invalid-body', `subplot: ${shown(subplot)} is not [rows, columns, number], such as [2, 1, 1].`);
}
