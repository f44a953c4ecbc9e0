import type { Event } from './history.ts';

/** How long it took, in ms, from each job's first beginning to its second, for jobs that were begun again: shortest, middle, longest. */
export async function gapsOf(events: AsyncIterable<Event>): Promise<{ again: number; p50: number; max: number }> {
  const first = new Map<string, number>();
  const gaps = new Map<string, number>();
  for await (const event of events) {
    if (event.what !== 'started') continue;
    const before = first.get(event.id);
    if (before === undefined) first.set(event.id, event.at);
    else if (!gaps.has(event.id)) gaps.set(event.id, event.at - before);
  }
  const sorted = [...gaps.values()].map(Math.round).sort((a, b) => a - b);
  return { again: sorted.length, p50: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0 };
}
