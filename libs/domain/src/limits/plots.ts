import { section } from './limit.ts';

const notDrawn = '400 when the job is submitted';
const shortened = 'the text is cut, with an ellipsis';

/** Limits on one picture and on a drawing process. */
export const plotLimits = section({
  pixels: {
    value: 16_000_000,
    unit: 'pixels',
    title: 'pixels of one picture: width × height × scale²',
    outcome: notDrawn,
  },
  categories: { value: 400, unit: 'categories', title: 'categories of a bar chart', outcome: notDrawn },
  series: { value: 20, unit: 'names', title: 'lines of a line plot, or panels with `subplots`', outcome: notDrawn },
  bins: { value: 1000, unit: 'values', title: 'bins of a histogram', outcome: notDrawn },
  groups: {
    value: 10,
    unit: 'names',
    title: 'groups of a scatter plot with their own colour',
    outcome: 'the other groups are grey',
  },
  titleCharacters: { value: 200, unit: 'characters', title: 'characters of a title', outcome: `${notDrawn}; in a picture, ${shortened}` },
  labelCharacters: {
    value: 300,
    unit: 'characters',
    title: 'characters of one label in a picture: axis, category, legend entry',
    outcome: shortened,
  },
  descriptionCharacters: { value: 2000, unit: 'characters', title: 'characters of the description of a picture', outcome: shortened },
  noteCharacters: { value: 1000, unit: 'characters', title: 'characters of one note about a picture', outcome: shortened },
  notes: { value: 60, unit: 'values', title: 'notes about one picture', outcome: 'further notes are left out' },
  statisticsCharacters: {
    value: 200,
    unit: 'characters',
    title: 'characters of the most frequent value in statistics',
    outcome: shortened,
  },
  resultBytes: { value: 32 * 1024 * 1024, unit: 'bytes', title: 'bytes of one PNG or SVG', outcome: 'the job fails' },
  drawingMb: {
    value: 440,
    unit: 'MB',
    title: 'minimum memory of one drawing process: enough for the largest picture of 100,000 records',
    outcome: 'the job fails',
    setting: 'RENDER_CHILD_MB',
  },
  rendererMb: {
    value: 160,
    unit: 'MB',
    title: 'memory of the renderer without its drawing processes',
    outcome: 'part of the memory limit',
  },
});
