import { resolve } from 'node:path';
import { type Backup, type BackupSettings, backUp } from '../backup/backup.ts';
import { repeat } from '../backup/every.ts';
import type { Command } from '../command.ts';
import { Failure } from '../system/failure.ts';
import { type Output, StreamOutput, secondsSince } from '../system/output.ts';
import { places, shownPath } from '../system/places.ts';
import { readTime } from '../system/read-time.ts';
import { untilStopped } from '../up/signals.ts';

export const backupCommand: Command = {
  name: 'backup',
  summary: 'writes a checked backup of the store while it runs: ./almanac backup --every 1h --keep 24',
  usage: '[options]',
  options: {
    every: { value: 'TIME', help: 'goes on, one every 30s, 15m, 1h or 1d, until Ctrl-C' },
    keep: { value: 'N', help: 'how many backups stay in the folder (24)' },
    to: { value: 'FOLDER', help: 'where they are written (.almanac/backups)' },
    'redis-url': { value: 'URL', help: 'backs up this store (redis:// or unix:) in place of the one that runs here' },
  },
  more: 'Each is almanac-<UTC time>.rdb, with its checksum (.rdb.sha256) and a .json that says what is in it. ./almanac restore puts one back.',
  run: async (args) => {
    const settings = {
      redisUrl: args.text('redis-url'),
      folder: resolve(args.text('to') ?? places.backups()),
      keep: args.integer('keep', 1, 100_000) ?? 24,
    };
    const out = new StreamOutput();
    const every = args.text('every');
    if (every === undefined) {
      out.line(await one(settings, out));
      return 0;
    }
    const ms = readTime('every', every);
    out.line(`One every ${every} into ${shownPath(settings.folder)}, ${settings.keep} of them stay. Ctrl-C stops it.`);
    const work = async () => out.line(`${new Date().toISOString()} ${await one(settings, out).catch(told)}`);
    await repeat(
      ms,
      untilStopped(() => process.exit(130)),
      work,
    );
    return 0;
  },
};

async function one(settings: BackupSettings, out: Output): Promise<string> {
  const start = performance.now();
  return `${describe(await backUp(settings, out))} in ${secondsSince(start)}`;
}

const describe = ({ path, keys, bytes }: Backup): string =>
  `${shownPath(path)}: ${keys?.toLocaleString('en') ?? '?'} keys, ${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB,`;

/** One that fails is no reason to give up those after it: the store may be away for a moment. */
function told(error: unknown): string {
  if (error instanceof Failure) return error.message;
  throw error;
}
