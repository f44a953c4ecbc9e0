import type { Where } from '@almanac/domain';
import type { ProcessHandler } from './process-handler.ts';

/** Reads rows from query, summarises them in a drawing child, because many rows would block this process, and stores the numbers as JSON. */
export const statistics: ProcessHandler = async (job, { token, signal, progress }, { query, pool, results }) => {
  await progress(1, 'read');
  const { id, version } = job.dataset;
  const where = (job.inputs.where ?? {}) as Where;
  const columns = job.inputs.columns as string[];
  const rows = await query.rows({ dataset: id, version, columns, where }, { requestId: job.requestId, signal });
  const request = { process: 'statistics', params: undefined, records: rows.count, pixels: 0 };
  const summary = await pool.run(request, rows.body, signal, () => void progress(50, 'summarise'));
  const bytes = Buffer.from(`${JSON.stringify({ dataset: job.dataset, where, statistics: summary.statistics }, null, 1)}\n`);
  await progress(90, 'save');
  await results.save(job.id, token, 'json', bytes);
  return { results: { json: { type: 'application/json', bytes: bytes.length } }, notes: [], statistics: summary.statistics };
};
