import { plotTypeIds } from '@almanac/plots';
import { PlotInputs } from './plot-inputs.ts';
import type { Process } from './process.ts';
import { validatePlotInputs } from './validate-plot-inputs.ts';

export const plot = {
  id: 'plot',
  version: '1.0.0',
  title: 'Plot',
  description: `Draws records of a data set as PNG or SVG. Plot types: ${plotTypeIds.join(', ')}. The plot type and columns are chosen if omitted.`,
  queue: 'plot',
  Inputs: PlotInputs,
  Outputs: ['png', 'svg'],
  mediaTypes: { png: 'image/png', svg: 'image/svg+xml' },
  resolve: validatePlotInputs,
} as const satisfies Process;
