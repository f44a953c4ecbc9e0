import type { Findings } from './judge.ts';

const summed = new Set(['requests', 'failedRequests', 'jobsSubmitted', 'jobsComplete', 'jobsTakenAgain', 'jobsLost', 'dataSetsWritten']);

/** Combines the loads of one step: sums counts, takes the maximum of times, and prefixes failures with the name of the load. */
export function gather(parts: Readonly<Record<string, Findings>>): Findings {
  const figures: Record<string, number | string> = {};
  const wrong: string[] = [];
  for (const [name, part] of Object.entries(parts)) {
    for (const [key, value] of Object.entries(part.figures)) {
      const before = Number(figures[key] ?? 0);
      figures[key] = typeof value === 'string' ? value : summed.has(key) ? before + value : Math.max(before, value);
    }
    for (const key of ['requests', 'failedRequests', 'jobsSubmitted', 'jobsLost', 'jobsTakenAgain'])
      if (part.figures[key] !== undefined) figures[`${name}.${key}`] = part.figures[key];
    wrong.push(...part.wrong.map((text) => `${name}: ${text}`));
  }
  return { figures, wrong };
}
