import type { Verdict } from './check.ts';
import type { Footprint } from './footprint.ts';
import { countViolations, type Invariant, invariants } from './invariants.ts';
import type { Tally } from './tally.ts';

export type Footprints = Record<string, Footprint | undefined>;

/** Faults as they are told, by the kinds that plans are made of. */
const groups: Readonly<Record<string, readonly string[]>> = {
  'workers killed': ['kill', 'vanish'],
  'workers stopped for a while': ['sleep'],
  'store killed': ['crash'],
  'network faults': ['freeze', 'slow', 'reset', 'halfOpen', 'ghost', 'trickle', 'swallow', 'cut', 'late'],
  'others (scripts flushed, clients disconnected, pauses)': ['flush', 'disconnect', 'pause'],
};

const notChecked: Partial<Record<Invariant, string>> = { I7: 'needs a single worker', I15: 'needs Python clients' };

const shown = (kinds: readonly string[], { faults }: Tally): string => {
  const counts = kinds.map((kind) => faults.get(kind) ?? 0);
  const each = kinds.map((kind, i) => `${kind} ${counts[i]}`).join(', ');
  return `${counts.reduce((sum, count) => sum + count, 0)}${kinds.length > 1 ? ` (${each})` : ''}`;
};

/** How a run is going, in a line. */
export function progressLine(seconds: number, tally: Tally, violations: number): string {
  const faults = [...tally.faults.values()].reduce((sum, count) => sum + count, 0);
  const killed = (tally.faults.get('kill') ?? 0) + (tally.faults.get('vanish') ?? 0);
  const jobs = `${tally.count('accepted')} jobs accepted, ${tally.count('started')} attempts started`;
  return `${String(seconds).padStart(5)} s  ${jobs}, ${faults} faults (${killed} workers killed), ${violations} violations`;
}

/** What came of a run, as rows of a name and what is to be said. */
export function finalRows({ violations, ...counts }: Verdict, tally: Tally, before: Footprints, after: Footprints): [string, string][] {
  const broken = countViolations(violations);
  const held = (Object.keys(invariants) as Invariant[]).filter((name) => !(name in notChecked || broken.has(name)));
  const megabytes = (footprint: Footprint) => `${(footprint.memoryBytes / 1e6).toFixed(0)} MB, ${footprint.handles} handles`;
  const grown = Object.entries(after).flatMap(([who, now]): [string, string][] => {
    const then = before[who];
    return now === undefined || then === undefined ? [] : [[`memory of ${who}`, `${megabytes(then)} -> ${megabytes(now)}`]];
  });
  return [
    ['jobs submitted', `${counts.offered}, ${counts.accepted} of them confirmed to their producer`],
    ['jobs ended', String(counts.done)],
    ['attempts', `${counts.started}, ${counts.again} of them repeated; ${counts.crashes} ended in a crash of their worker`],
    ...Object.entries(groups).map(([name, kinds]): [string, string] => [name, shown(kinds, tally)]),
    ...grown,
    ['lost', String(counts.lost.length)],
    ['never ended', String(violations.filter((violation) => / I1 is /.test(violation)).length)],
    ['ended twice', String(broken.get('I5') ?? 0)],
    ['invariants that held', held.join(' ')],
    [
      'not checked here',
      Object.entries(notChecked)
        .map(([name, why]) => `${name} (${why})`)
        .join(', '),
    ],
    ...[...broken].map(([name, many]): [string, string] => [`${name} VIOLATED`, `${many} times: ${invariants[name]}`]),
  ];
}

export function tableText(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}
