import type { Command } from '../command.ts';
import { hidePassword } from '../store/hide-password.ts';
import { storeHere } from '../store/store-here.ts';
import { tlsVariables } from '../store/tls-options.ts';
import { Failure } from '../system/failure.ts';
import { table } from '../system/table.ts';

export const auditCommand: Command = {
  name: 'audit',
  needsPackages: true,
  summary: 'looks whether every job is where its record says, in every queue of the store',
  options: {
    'redis-url': {
      value: 'URL',
      help: 'the store (redis://, rediss:// or unix:, database 1 unless named); that of what runs here if left out',
    },
    repair: { help: 'mend what is found, as the jobs service does every ten minutes' },
  },
  more: 'Exit code 1 when something is not where it should be. Without --repair nothing is changed.',
  run: async (args) => {
    const { Auditor, connectQueue, queueNames, violations, violationsOf } = await import('@almanac/hotqueue');
    const { redisOptions } = await import('@almanac/service');
    const address = args.text('redis-url') ?? addressHere();
    const redis = await connectQueue(redisOptions('queue', { ...tlsFiles(address), REDIS_URL: address })).catch((error: Error) => {
      throw new Failure(`the store at ${hidePassword(address)} does not answer: ${error.message}`);
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
      console.log(rows.length === 0 ? 'There is no queue in this store.' : table([heads, ...rows], [1, 2, 3, 4, 5, 6, 7, 8, 9]));
      if (!isSound) console.log(args.has('repair') ? 'What was found was mended.' : 'Mend it with:  ./almanac audit --repair');
      return isSound ? 0 : 1;
    } finally {
      redis.disconnect();
    }
  },
};

function addressHere(): string {
  const url = storeHere();
  if (url === undefined) throw new Failure('nothing runs in this checkout: name the store with --redis-url redis://host:port');
  return url;
}

/** Only for an address that uses them; another would be refused together with them. */
const tlsFiles = (address: string): Record<string, string | undefined> =>
  address.startsWith('rediss:') ? Object.fromEntries(tlsVariables.map((name) => [name, process.env[name] || undefined])) : {};
