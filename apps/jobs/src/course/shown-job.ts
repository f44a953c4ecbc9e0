import type { Job } from '@almanac/domain';

/** A job as the course's clients see it: its id and status, and what they sent, member for member. */
export function shownJob({ id, status, asked, inputs, message }: Job): Record<string, unknown> {
  const { id: _id, status: _status, ...echo } = asked ?? inputs;
  return { id, status, ...echo, ...(message === null || 'message' in echo ? {} : { message }) };
}

/** A job as it was when it was accepted: nothing but what was sent, and a new id. */
export function acceptedJob(job: Job): Record<string, unknown> {
  return shownJob({ ...job, status: 'submitted', message: null });
}

/** What came of a complete job: numbers, words, and where the picture is. */
export function shownResults(job: Job): Record<string, unknown> {
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
    image: `/download/${id}`,
    results,
    finished,
  };
}
