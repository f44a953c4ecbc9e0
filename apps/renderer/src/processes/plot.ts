import { type Condition, type Job, ProblemError, type Where } from '@almanac/domain';
import { choosePlot, columnsOf, type Given, Picture, type PlotTypeId, plotTypes } from '@almanac/plots';
import { outputs as everyOutput, mediaTypes, type Output } from '../draw/protocol.ts';
import type { Asking } from '../query-client.ts';
import type { Tools, Work } from './process.ts';

/** Rows from query, pictures from a drawing child, results into the store: each a stage of the job's progress. */
export const plot: Work = async (job, { token, signal, progress }, tools) => {
  const asking = { requestId: job.requestId, signal };
  await progress(1, 'read');
  const { type, params, where, message } = await plan(job, tools, asking);
  const outputs = everyOutput.filter((output) => job.outputs.includes(output));
  const picture = pick(job.inputs, Object.keys(Picture.properties)) as Picture;
  const question = { dataset: job.dataset.id, version: job.dataset.version, columns: columnsOf(plotTypes[type], params), where };
  const rows = await tools.query.rows(question, asking);
  const request = { type, params, picture, outputs, provenance: provenanceOf(job, type, params) };
  const drawing = await tools.pool.draw(request, rows.body, signal, () => void progress(30, 'draw'));
  if (rows.count !== undefined && rows.count !== drawing.rows) {
    throw new ProblemError('bad-gateway', `The query service sent ${drawing.rows} of ${rows.count} records.`);
  }
  await progress(90, 'save');
  const results = await save(drawing.results, job.id, token, tools);
  const { description, notes } = drawing;
  return { results, description, notes, ...(message === undefined ? {} : { message }) };
};

interface Plan {
  type: PlotTypeId;
  params: Record<string, unknown>;
  where: Where;
  /** why this plot, where it was chosen here */
  message?: string;
}

/** Which plot of which rows. Columns are asked for only where the inputs leave something open. */
async function plan({ inputs, dataset }: Job, { query }: Tools, asking: Asking): Promise<Plan> {
  const given = givenPlot(inputs);
  const where = (inputs.where ?? {}) as Where;
  const time = inputs.time as { from?: string; to?: string } | undefined;
  if (isComplete(given) && time === undefined) return { type: given.type, params: withoutType(given), where };
  const columns = await query.columns(dataset.id, asking);
  const choice = isComplete(given) ? { type: given.type, params: withoutType(given) } : choosePlot(columns, given);
  const message = 'reason' in choice ? { message: choice.reason } : {};
  if (time === undefined) return { type: choice.type, params: choice.params, where, ...message };
  const column = columns.find(({ type }) => type === 'time');
  if (column === undefined) {
    throw new ProblemError('unsuitable-column', `Data set '${dataset.id}' has no column of times, so 'time' chooses nothing in it.`);
  }
  return { type: choice.type, params: choice.params, where: { ...where, [column.name]: within(where[column.name], time) }, ...message };
}

/** What the filter already says of the time column, and the range. */
function within(own: Where[string] | undefined, { from, to }: { from?: string; to?: string }): Condition {
  const range = { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lte: to }) };
  if (own === undefined) return range;
  if (Array.isArray(own)) return { ...range, in: own };
  return own === null || typeof own !== 'object' ? { ...range, eq: own } : { ...range, ...own };
}

const isType = (type: unknown): type is PlotTypeId => typeof type === 'string' && Object.hasOwn(plotTypes, type);

/** What the inputs say of the plot: its type and the parameters that some type knows. */
function givenPlot(inputs: Job['inputs']): Given {
  const known = isType(inputs.type) ? [plotTypes[inputs.type]] : Object.values(plotTypes);
  const names = new Set(known.flatMap(({ Params }) => Object.keys(Params.properties)));
  return { ...pick(inputs, [...names]), ...(isType(inputs.type) ? { type: inputs.type } : {}) };
}

const isComplete = (given: Given): given is Given & { type: PlotTypeId } =>
  given.type !== undefined && (plotTypes[given.type].Params.required ?? []).every((name) => given[name] !== undefined);

const withoutType = ({ type: _, ...params }: Given): Record<string, unknown> => params;

const pick = (from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));

/** What determines the bytes of a picture, and nothing else: no job, no host, no time of drawing. */
const provenanceOf = ({ dataset, inputs }: Job, type: PlotTypeId, params: Record<string, unknown>): string =>
  JSON.stringify({ process: 'plot', dataset, inputs: { ...inputs, type, ...params } });

async function save(drawn: Partial<Record<Output, Buffer>>, id: string, token: string, { results }: Tools) {
  const saved = Object.entries(drawn).map(async ([name, bytes]) => {
    await results.save(id, token, name, bytes);
    return [name, { type: mediaTypes[name as Output], bytes: bytes.length }] as const;
  });
  return Object.fromEntries(await Promise.all(saved));
}
