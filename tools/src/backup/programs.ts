import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quote } from '../client/shell.ts';
import { root } from '../system/places.ts';
import { type Outcome, run } from '../system/run.ts';

/** The scripts, which the cron job and the init container of the chart run too. */
export const scripts = {
  backup: join(root, 'helm/almanac/files/backup.sh'),
  restore: join(root, 'helm/almanac/files/restore.sh'),
} as const;

/**
 * Runs a script with the programs it calls. Some installations have only the server (the wheel has no other program): under the name
 * redis-check-rdb it acts as that program, and store-cli.ts replaces redis-cli.
 */
export async function runScript(
  script: keyof typeof scripts,
  server: string,
  settings: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-programs-'));
  try {
    const [cli, check] = [join(folder, 'redis-cli'), join(folder, 'redis-check-rdb')];
    const words = [process.execPath, join(import.meta.dirname, 'store-cli.ts')].map(quote).join(' ');
    writeFileSync(cli, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o700 });
    symlinkSync(server, check);
    const {
      REDIS_HOST: _h,
      REDIS_PORT: _p,
      REDIS_SOCKET: _s,
      REDIS_USER: _u,
      REDISCLI_AUTH: _a,
      REDIS_TLS_CA: _t,
      ...outside
    } = process.env;
    return await run('sh', [scripts[script]], {
      ...outside,
      REDIS_CLI: cli,
      REDIS_CHECK_RDB: check,
      REDIS_SERVER: server,
      ...settings,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
