import { deepStrictEqual } from 'node:assert';
import type { Redis } from 'ioredis';
import { queueKeys } from '../../src/keys.ts';
import type { QueueRecord } from '../../src/record.ts';
import { ReliableQueue } from '../../src/reliable-queue.ts';
import { SettlingConnection } from '../../src/settling-connection.ts';
import { faultsOf, takeReading } from '../chaos/reading.ts';
import type { ModelQueue } from './model.ts';

/** The queue in a store, with what the commands need of it. */
export class RealQueue {
  readonly redis: Redis;
  readonly name: string;
  readonly queue: ReliableQueue;
  readonly connection: SettlingConnection;

  constructor(redis: Redis, name: string) {
    this.redis = redis;
    this.name = name;
    this.queue = new ReliableQueue(redis, name);
    this.connection = new SettlingConnection(redis, queueKeys(name));
  }

  /** Compares everything the store keeps with the model. */
  async compare(model: ModelQueue): Promise<void> {
    const reading = await takeReading(this.redis, this.name);
    for (const job of model.jobs.values()) job.created = reading.records.get(job.id)?.created ?? 0;
    const live = [...model.workers].filter(([, { beat }]) => beat !== undefined);
    const named = <T>(pick: (worker: (typeof live)[number][1]) => T[]) =>
      live.map(([name, worker]) => [name, pick(worker)] as const).filter(([, all]) => all.length > 0);
    const expected = {
      jobs: [...model.jobs.values()].map(({ created, isBegun, ...job }) => job),
      list: model.list,
      delayed: [...model.delayed.keys()].sort(),
      inboxes: named(({ inbox }) => inbox),
      held: named(({ held }) => [...held].sort()),
      wishes: named(({ wishes }) => [...wishes].sort()),
      beats: live.map(([name, { beat }]) => [name, String(beat)]),
      followers: sorted([...model.followers].map(([id, all]) => [id, [...all].sort()])),
      holders: sorted([...model.holders]),
      lost: model.lost,
    };
    const actual = {
      jobs: expected.jobs.map(({ id }) => told(reading.records.get(id))),
      list: reading.list,
      delayed: reading.delayed.sort(),
      inboxes: expected.inboxes.map(([name]) => [name, reading.inboxes.get(name)]),
      held: expected.held.map(([name]) => [name, reading.held.get(name)]),
      wishes: expected.wishes.map(([name]) => [name, reading.wishes.get(name)]),
      beats: expected.beats.map(([name]) => [name, reading.beats.get(name as string)]),
      followers: sorted([...reading.followers]),
      holders: sorted([...reading.holders]),
      lost: reading.lost,
    };
    deepStrictEqual(actual, expected);
    const sizes = ({ records, inboxes, held, wishes, beats }: typeof reading) => [
      records.size,
      inboxes.size,
      held.size,
      wishes.size,
      beats.size,
    ];
    deepStrictEqual(sizes(reading), [model.jobs.size, expected.inboxes.length, expected.held.length, expected.wishes.length, live.length]);
    // An element that is no job lies in the list for good reason.
    deepStrictEqual(
      faultsOf(reading).filter((fault) => !fault.startsWith('I13 {')),
      [],
    );
  }
}

const sorted = <T extends readonly [string, unknown]>(pairs: T[]): T[] => pairs.sort(([a], [b]) => (a < b ? -1 : 1));

function told(record: QueueRecord | undefined) {
  if (record === undefined) return undefined;
  const { id, state, token, attempts, crashes, hash, of, note, past } = record;
  return { id, state, token, attempts, crashes, hash, of, note, past: past.map(({ outcome }) => outcome) };
}
