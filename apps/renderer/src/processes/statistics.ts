import type { Where } from '@almanac/domain';
import type { ProcessHandler } from './process-handler.ts';

/** Rows from query, numbers from a drawing child (so that many rows keep nobody waiting), the numbers as JSON into the store. */
export const statistics: ProcessHandler = async (job, { token, signal, progress }, { query, pool, results }) => {
  await progress(1, 'read');
  const { id, version } = job.dataset;
  const where = (job.inputs.where ?? {}) as Where;
  const columns = job.inputs.columns as string[];
  const rows = await query.rows({ dataset: id, version, columns, where }, { requestId: job.requestId, signal });
  const summary = await pool.draw({ isSummary: true, records: rows.count }, rows.body, signal, () => void progress(50, 'summarise'));
  const bytes = Buffer.from(`${JSON.stringify({ dataset: job.dataset, where, statistics: summary.statistics }, null, 1)}\n`);
  await progress(90, 'save');
  await results.save(job.id, token, 'json', bytes);
  return { results: { json: { type: 'application/json', bytes: bytes.length } }, notes: [], statistics: summary.statistics };
};
