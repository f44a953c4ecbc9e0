import type { Findings } from './judge.ts';

const summed = new Set(['requests', 'failedRequests', 'jobsSubmitted', 'jobsComplete', 'jobsTakenAgain', 'jobsLost', 'dataSetsWritten']);

/** Several loads of one step: each one's failures by its name, the rest summed up (the longest for times). */
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
