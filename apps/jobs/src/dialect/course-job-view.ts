import type { Job } from '@almanac/domain';
import { resultsAt } from '@almanac/service';

/** A job as the course's clients see it: its id and status, and what they sent, member for member. */
export function courseJobView({ id, status, asked, inputs, message }: Job): Record<string, unknown> {
  const { id: _id, status: _status, ...echo } = asked ?? inputs;
  return { id, status, ...echo, ...(message === null || Object.hasOwn(echo, 'message') ? {} : { message }) };
}

/** The same as it is answered to who sends it: not worked yet, whatever became of it meanwhile, and with nothing of ours beside. */
export const submittedJobView = (job: Job): Record<string, unknown> => courseJobView({ ...job, status: 'submitted', message: null });

/** What came of a complete job: numbers, words, and where the picture is, with `prefix` in front of each path. */
export function courseResultsView(job: Job, prefix: string): Record<string, unknown> {
  const { id, status, dataset, inputs, description, notes, statistics, results, finished } = job;
  const { dataset: _dataset, version: _version, ...plot } = inputs;
  return {
    id,
    status,
    dataset: { id: dataset.id, version: dataset.version },
    plot,
    statistics: statistics ?? {},
    description: description ?? '',
    notes,
    image: `${prefix}/download/${id}`,
    results: resultsAt(results, prefix),
    finished,
  };
}
