import { type Job, matchesSchema, ProblemError, type Where } from '@almanac/domain';
import { checkPixels, columnsOf, Picture, type PlotTypeId, plotTypes } from '@almanac/plots';
import { outputs as everyOutput, mediaTypes, type Output } from '../draw/protocol.ts';
import type { Work } from './process.ts';

/** Rows from query, pictures from a drawing child, results into the store: each a stage of the job's progress. */
export const plot: Work = async (job, { token, signal, progress }, { query, pool, results }) => {
  await progress(1, 'read');
  const { type, params } = plotOf(job);
  const picture = pick(job.inputs, Object.keys(Picture.properties)) as Picture;
  // Checked when the job was submitted, perhaps by an earlier version.
  checkPixels(picture);
  const { id, version } = job.dataset;
  const question = { dataset: id, version, columns: columnsOf(plotTypes[type], params), where: (job.inputs.where ?? {}) as Where };
  const rows = await query.rows(question, { requestId: job.requestId, signal });
  const request = {
    type,
    params,
    picture,
    outputs: everyOutput.filter((output) => job.outputs.includes(output)),
    records: rows.count,
    provenance: provenanceOf(job),
  };
  const drawing = await pool.draw(request, rows.body, signal, () => void progress(30, 'draw'));
  await progress(90, 'save');
  const saved = await save(drawing.results, (name, bytes) => results.save(job.id, token, name, bytes));
  return { results: saved, description: drawing.description, notes: drawing.notes, statistics: drawing.statistics };
};

/** The plot that the job asks for. Jobs are accepted with every choice made and every default written out. */
function plotOf({ inputs }: Job): { type: PlotTypeId; params: Record<string, unknown> } {
  const { type } = inputs;
  if (typeof type !== 'string' || !Object.hasOwn(plotTypes, type)) {
    throw new ProblemError('unknown-plot-type', `The job says no plot type that is known here (type=${JSON.stringify(type)}).`);
  }
  const id = type as PlotTypeId;
  const { Params } = plotTypes[id];
  const params = pick(inputs, Object.keys(Params.properties));
  // Checked when the job was submitted, perhaps by another version: a list or a number beyond its bound is not drawn.
  if (!matchesSchema(Params, params))
    throw new ProblemError('invalid-body', `The parameters of this job are not those of a plot of type '${id}'.`);
  return { type: id, params };
}

const pick = (from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));

/** What determines the bytes of a picture, and nothing else: no job, no host, no time of drawing. */
const provenanceOf = ({ process, dataset, inputs }: Job): string => JSON.stringify({ process, dataset, inputs });

async function save(drawn: Partial<Record<Output, Buffer>>, one: (name: string, bytes: Buffer) => Promise<void>) {
  const saved = Object.entries(drawn).map(async ([name, bytes]) => {
    await one(name, bytes);
    return [name, { type: mediaTypes[name as Output], bytes: bytes.length }] as const;
  });
  return Object.fromEntries(await Promise.all(saved));
}
