import { type Job, matchesSchema, ProblemError, type Where } from '@almanac/domain';
import { checkPixels, columnsOf, Picture, type PlotTypeId, pictureSize, plotTypes } from '@almanac/plots';
import type { PlotParams } from '../draw/computations/plot.ts';
import type { ProcessHandler } from './process-handler.ts';

const mediaTypes: Readonly<Record<string, string>> = { png: 'image/png', svg: 'image/svg+xml' };

/** Reads rows from query, draws them in a drawing child and stores the pictures. Each is a stage of the job's progress. */
export const plot: ProcessHandler = async (job, { token, signal, progress }, { query, pool, results }) => {
  await progress(1, 'read');
  const { type, params } = plotOf(job);
  const picture = pick(job.inputs, Object.keys(Picture.properties)) as Picture;
  // An earlier version may have accepted the job.
  checkPixels(picture);
  const { id, version } = job.dataset;
  const rowsQuery = { dataset: id, version, columns: columnsOf(plotTypes[type], params), where: (job.inputs.where ?? {}) as Where };
  const rows = await query.rows(rowsQuery, { requestId: job.requestId, signal });
  const plotParams: PlotParams = { type, params, picture, outputs: job.outputs, provenance: provenanceOf(job) };
  const request = { process: 'plot', params: plotParams, records: rows.count, pixels: pixelsOf(picture) };
  const drawing = await pool.run(request, rows.body, signal, () => void progress(30, 'draw'));
  await progress(90, 'save');
  const saved = await save(drawing.results, (name, bytes) => results.save(job.id, token, name, bytes));
  return { results: saved, description: drawing.description, notes: drawing.notes, statistics: drawing.statistics };
};

export function pixelsOf(picture: Picture): number {
  const { width, height, scale } = pictureSize(picture);
  return width * height * scale ** 2;
}

/** The plot of the job, whose inputs hold every choice and default. */
function plotOf({ inputs }: Job): { type: PlotTypeId; params: Record<string, unknown> } {
  const { type } = inputs;
  if (typeof type !== 'string' || !Object.hasOwn(plotTypes, type)) {
    throw new ProblemError('unknown-plot-type', `The job has no known plot type (type=${JSON.stringify(type)}).`);
  }
  const id = type as PlotTypeId;
  const { Params } = plotTypes[id];
  const params = pick(inputs, Object.keys(Params.properties));
  // Another version may have accepted the job: lists and numbers beyond their limits must not be drawn.
  if (!matchesSchema(Params, params))
    throw new ProblemError('invalid-body', `The parameters of this job are invalid for plot type '${id}'.`);
  return { type: id, params };
}

const pick = (from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));

/** Everything that determines the bytes of a picture, and nothing else: no job id, host or time. */
const provenanceOf = ({ process, dataset, inputs }: Job): string => JSON.stringify({ process, dataset, inputs });

async function save(drawn: Readonly<Record<string, Buffer>>, one: (name: string, bytes: Buffer) => Promise<void>) {
  const saved = Object.entries(drawn).map(async ([name, bytes]) => {
    await one(name, bytes);
    return [name, { type: mediaTypes[name] as string, bytes: bytes.length }] as const;
  });
  return Object.fromEntries(await Promise.all(saved));
}
