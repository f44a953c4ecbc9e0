import { limitExceeded, ProblemError, plotLimits } from '@almanac/domain';
import {
  type Font,
  layoutFigure,
  needsPicture,
  type Picture,
  type PlotTypeId,
  paintSvg,
  plotTypes,
  readFonts,
  type Scene,
} from '@almanac/plots';
import { paintPixels, pointsPicture } from '../canvas-painter.ts';
import { encodePng } from '../encode.ts';
import type { Computed } from '../protocol.ts';
import { columnStatistics } from './column-statistics.ts';
import type { Computation, Table } from './computation.ts';

export const SOFTWARE = 'Almanac';

/** What a plot is drawn from, beside its rows. */
export interface PlotParams {
  type: PlotTypeId;
  /** of the plot type */
  params: Record<string, unknown>;
  picture: Picture;
  /** names of the results to make: png, svg */
  outputs: readonly string[];
  /** JSON of everything that determines the bytes; written into every file */
  provenance: string;
}

let font: Font | undefined;

/** Draws a plot: figure, layout, paint, encode. The same parameters and rows give the same bytes. */
export const plot: Computation<PlotParams> = async (table, request) => {
  const scene = sceneOf(table, request);
  const { outputs, provenance } = request;
  const results: Computed['results'] = {};
  if (outputs.includes('png')) results.png = await encodePng(paintPixels(scene), textsOf(scene, provenance));
  if (outputs.includes('svg')) results.svg = Buffer.from(paintSvg(scene, pointsPicture, provenance));
  checkSizes(results);
  return {
    results,
    description: scene.description,
    notes: [...scene.notes, ...(outputs.includes('svg') ? svgNotes(scene) : [])],
    statistics: columnStatistics(table.columns),
  };
};

function sceneOf({ columns, rows }: Table, { type, params, picture }: PlotParams): Scene {
  font ??= readFonts();
  const plotType = plotTypes[type];
  if (plotType === undefined) throw new ProblemError('unknown-plot-type', `There is no plot type '${type}'.`);
  const { title = '', width = 640, height = 480, scale = 1, theme = 'paper', subplot } = picture;
  const figure = { ...plotType.figure({ columns, rows, params }), title };
  return layoutFigure(figure, { width, height, density: scale, theme, subplot }, font);
}

/** The service holds a whole file while it stores it. */
function checkSizes(results: Computed['results']): void {
  for (const [name, bytes] of Object.entries(results)) {
    if (bytes.length <= plotLimits.resultBytes.value) continue;
    throw limitExceeded('job-failed', plotLimits.resultBytes, bytes.length, {
      detail: `The ${name.toUpperCase()} of this plot is too large`,
      advice: 'Choose a smaller picture or fewer records.',
    });
  }
}

/** Text chunks of a PNG: the registered keywords, and the provenance under our own. */
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
