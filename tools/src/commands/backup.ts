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
  summary: 'Writes a verified backup of the store while it runs',
  usage: '[options]',
  options: {
    every: { value: 'TIME', help: 'interval for repeated backups until Ctrl-C, e.g. 30s, 15m, 1h or 1d' },
    keep: { value: 'N', help: 'number of backups to keep in the folder (24)' },
    to: { value: 'FOLDER', help: 'folder for the backups (.almanac/backups)' },
    'redis-url': { value: 'URL', help: 'store to back up (redis:// or unix:); default: the store of this checkout' },
  },
  more: 'A backup is almanac-<UTC time>.rdb, with a checksum (.rdb.sha256) and a manifest (.json). ./almanac restore restores one. Example: ./almanac backup --every 1h --keep 24',
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
    out.line(`Writing a backup every ${every} into ${shownPath(settings.folder)}, keeping ${settings.keep}. Stop with Ctrl-C.`);
    const work = async () => out.line(`${new Date().toISOString()} ${await one(settings, out).catch(messageOf)}`);
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

/** A failed backup must not end the series: the store may be unavailable for a moment. */
function messageOf(error: unknown): string {
  if (error instanceof Failure) return error.message;
  throw error;
}
