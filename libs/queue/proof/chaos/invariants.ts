/** What must hold whatever goes wrong. The numbers are those that violations begin with. */
export const invariants = {
  I1: 'every accepted job ends, once, and stays as it ended',
  I2: 'every open job is in exactly one place, an ended one in none',
  I3: 'nothing is in the index without a record',
  I4: 'a job is active exactly while a living worker holds it, under that worker’s token',
  I5: 'at most one end of a job is confirmed, and it is the one that its record tells',
  I6: 'no more beginnings than attempts: first ones, again ones, lost ones',
  I7: 'plain jobs of one producer begin in their order where one worker does them',
  I8: 'no job begins before it is due by the store’s clock',
  I9: 'a job that was cancelled before it began never begins',
  I10: 'nothing begins while the queue is paused',
  I11: 'equal content is open once, and who follows ends as who is followed',
  I12: 'progress never goes back within an attempt',
  I13: 'whatever lies in a place is in the index',
  I14: 'afterwards nothing is left over',
  I15: 'messages that go in come out, no more and no less, whoever puts and gets',
} as const;
export type Invariant = keyof typeof invariants;

/** How often each was violated; those that were not are not there. */
export function countViolations(violations: readonly string[]): Map<Invariant, number> {
  const counts = new Map<Invariant, number>();
  for (const violation of violations) {
    const which = /\b(I\d+)\b/.exec(violation)?.[1] as Invariant;
    counts.set(which, (counts.get(which) ?? 0) + 1);
  }
  return counts;
}

/** I15: what is missing and what is too much among the messages that came out. */
export function exchangeFaults(put: readonly string[], got: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const message of put) left.set(message, (left.get(message) ?? 0) + 1);
  for (const message of got) left.set(message, (left.get(message) ?? 0) - 1);
  return [...left]
    .filter(([, many]) => many !== 0)
    .map(([message, many]) => `I15 ${message} came out ${many > 0 ? `${many} times too few` : `${-many} times too often`}`);
}
