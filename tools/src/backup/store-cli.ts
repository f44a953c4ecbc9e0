// The part of redis-cli that helm/almanac/files/backup.sh needs, with the same arguments, for machines without redis-cli.
import { open } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { StoreLink } from './store-link.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    socket: { type: 'string', short: 's' },
    host: { type: 'string', short: 'h', default: '127.0.0.1' },
    port: { type: 'string', short: 'p', default: '6379' },
    user: { type: 'string', default: '' },
    rdb: { type: 'string' },
  },
});

async function writeSnapshot(link: StoreLink, path: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    for await (const part of link.snapshot()) await file.write(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

let link: StoreLink | undefined;
try {
  link = await StoreLink.open({
    ...(values.socket === undefined ? {} : { path: values.socket }),
    host: values.host,
    port: Number(values.port),
    isTls: false,
    username: values.user,
    password: process.env.REDISCLI_AUTH ?? '',
  });
  if (values.rdb === undefined) process.stdout.write(await link.text(...positionals));
  else await writeSnapshot(link, values.rdb);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
} finally {
  link?.close();
}
