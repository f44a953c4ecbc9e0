import type { Command } from '../command.ts';
import { hidePassword } from '../store/hide-password.ts';
import { storeHere } from '../store/store-here.ts';
import { tlsVariables } from '../store/tls-options.ts';
import { Failure } from '../system/failure.ts';
import { table } from '../system/table.ts';

export const auditCommand: Command = {
  name: 'audit',
  needsPackages: true,
  summary: 'Checks in every queue of the store that each job is where its record says',
  options: {
    'redis-url': {
      value: 'URL',
      help: 'store to check (redis://, rediss:// or unix:; database 1 by default); default: the store of this checkout',
    },
    repair: { help: 'repairs what it finds, as the jobs service does every ten minutes' },
  },
  more: 'Exit code 1 if a job is in the wrong place. Without --repair nothing is changed.',
  run: async (args) => {
    const { Auditor, connectQueue, queueNames, violations, violationsOf } = await import('@almanac/hotqueue');
    const { redisOptions } = await import('@almanac/service');
    const address = args.text('redis-url') ?? addressHere();
    const redis = await connectQueue(redisOptions('queue', { ...tlsFiles(address), REDIS_URL: address })).catch((error: Error) => {
      throw new Failure(`the store at ${hidePassword(address)} is unreachable: ${error.message}`);
    });
    try {
      const rows: string[][] = [];
      let isSound = true;
      for (const queue of await queueNames(redis)) {
        const audit = await new Auditor(redis, queue).audit({ repairs: args.has('repair') });
        isSound &&= Object.keys(violationsOf(audit)).length === 0;
        rows.push([queue, ...[audit.jobs, ...violations.map((name) => audit[name]), audit.young, audit.strangers].map(String)]);
      }
      const heads = ['queue', 'jobs', ...violations, 'young', 'strangers'];
      console.log(rows.length === 0 ? 'This store has no queues.' : table([heads, ...rows], [1, 2, 3, 4, 5, 6, 7, 8, 9]));
      if (!isSound) console.log(args.has('repair') ? 'Repaired.' : 'Repair it with:  ./almanac audit --repair');
      return isSound ? 0 : 1;
    } finally {
      redis.disconnect();
    }
  },
};

function addressHere(): string {
  const url = storeHere();
  if (url === undefined) throw new Failure('Nothing runs in this checkout: name the store with --redis-url redis://host:port');
  return url;
}

/** Only for rediss://: the options of other addresses must not contain certificates. */
const tlsFiles = (address: string): Record<string, string | undefined> =>
  address.startsWith('rediss:') ? Object.fromEntries(tlsVariables.map((name) => [name, process.env[name] || undefined])) : {};
