import { summariseNumbers, summariseTexts, summariseTimes } from '@almanac/analysis';
import { type ColumnStatistics, limitExceeded, ProblemError, plotLimits } from '@almanac/domain';
import { type Font, layoutFigure, needsPicture, type PlotColumn, paintSvg, plotTypes, readFonts, type Scene } from '@almanac/plots';
import { readColumns } from './arrow-columns.ts';
import { paintPixels, pointsPicture } from './canvas-painter.ts';
import { encodePng } from './encode.ts';
import type { Drawing, DrawRequest, SummaryRequest } from './protocol.ts';

export const SOFTWARE = 'Almanac';

let font: Font | undefined;

/** Arrow rows to files: decode, figure, layout, paint, encode. The same request and rows give the same bytes. */
export async function draw({ type, params, picture, outputs, records, provenance }: DrawRequest, arrow: Uint8Array): Promise<Drawing> {
  font ??= readFonts();
  const { columns, rows } = wholeColumns(arrow, records);
  const { title = '', width = 640, height = 480, scale = 1, theme = 'paper', subplot } = picture;
  const plotType = plotTypes[type];
  if (plotType === undefined) throw new ProblemError('unknown-plot-type', `There is no plot type '${type}'.`);
  const figure = { ...plotType.figure({ columns, rows, params }), title };
  const scene = layoutFigure(figure, { width, height, density: scale, theme, subplot }, font);
  const results: Drawing['results'] = {};
  if (outputs.includes('png')) results.png = await encodePng(paintPixels(scene), textsOf(scene, provenance));
  if (outputs.includes('svg')) results.svg = Buffer.from(paintSvg(scene, pointsPicture, provenance));
  checkSizes(results);
  return {
    results,
    description: scene.description,
    notes: [...scene.notes, ...(outputs.includes('svg') ? svgNotes(scene) : [])],
    statistics: statisticsOfAll(columns),
  };
}

/** The numbers alone. */
export function summarise({ records }: SummaryRequest, arrow: Uint8Array): Drawing {
  const { columns } = wholeColumns(arrow, records);
  return { results: {}, description: '', notes: [], statistics: statisticsOfAll(columns) };
}

function wholeColumns(arrow: Uint8Array, records: number | undefined): ReturnType<typeof readColumns> {
  const read = readColumns(arrow);
  if (records === undefined || read.rows === records) return read;
  throw new ProblemError('bad-gateway', `The query service sent ${read.rows} of ${records} records.`);
}

const statisticsOfAll = (columns: Readonly<Record<string, PlotColumn>>): Drawing['statistics'] =>
  Object.fromEntries(Object.values(columns).map((column) => [column.name, statisticsOf(column)]));

function statisticsOf({ type, values, names }: PlotColumn): ColumnStatistics {
  if (names !== undefined) return shortened(summariseTexts(values, names));
  return type === 'time' ? summariseTimes(values) : summariseNumbers(values);
}

/** A value of a data set may have millions of characters, and statistics stand in the job's record. */
function shortened({ mostFrequent, ...rest }: ColumnStatistics): ColumnStatistics {
  if (mostFrequent === undefined) return rest;
  const { value, count } = mostFrequent;
  const most = plotLimits.statisticsCharacters.value;
  return { ...rest, mostFrequent: { value: value.length <= most ? value : `${value.slice(0, most - 1).toWellFormed()}\u2026`, count } };
}

/** The service holds a file whole while it saves it. */
function checkSizes(results: Drawing['results']): void {
  for (const [name, bytes] of Object.entries(results)) {
    if (bytes.length <= plotLimits.resultBytes.value) continue;
    throw limitExceeded('job-failed', plotLimits.resultBytes, bytes.length, {
      detail: `The ${name.toUpperCase()} of this plot is too large`,
      advice: 'Choose a smaller picture or fewer records.',
    });
  }
}

/** PNG text chunks: the registered keywords, and what the picture was made from under our own. */
const textsOf = ({ title, description }: Scene, provenance: string): Record<string, string> => ({
  Title: title,
  Description: description,
  Software: SOFTWARE,
  Almanac: provenance,
});

const svgNotes = ({ items }: Scene): string[] =>
  items.some((item) => item.item === 'points' && needsPicture(item))
    ? ['In the SVG the dots are an embedded picture, because there are very many.']
    : [];
