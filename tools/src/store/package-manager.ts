import type { Output } from '../system/output.ts';
import { findProgram, type Outcome, run } from '../system/run.ts';
import { onPath, type StoreServer } from './store-server.ts';

interface PackageManager {
  program: string;
  install: readonly string[];
  /** refreshes the lists of packages, tried when installing fails */
  refresh?: readonly string[];
  /** must run without root */
  isForUsers?: boolean;
}

const managers: readonly PackageManager[] = [
  {
    program: 'apt-get',
    install: ['install', '-y', '-q', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', 'redis-server'],
    refresh: ['update', '-q'],
  },
  { program: 'dnf', install: ['install', '-y', '-q', 'valkey'] },
  { program: 'apk', install: ['add', '--no-cache', 'valkey'] },
  { program: 'pacman', install: ['-Sy', '--noconfirm', 'valkey'] },
  { program: 'zypper', install: ['--non-interactive', 'install', 'valkey'] },
  { program: 'brew', install: ['install', 'redis'], isForUsers: true },
];

const found = (): PackageManager | undefined => managers.find(({ program }) => findProgram(program) !== undefined);

/** Returns the command that a user with the password would type. */
export function commandToType(): string {
  const manager = found();
  if (manager === undefined) return 'install redis-server (6.2 or later) or valkey-server with your package manager';
  const args = manager.install.filter((arg) => !arg.startsWith('-o') && !arg.startsWith('DPkg') && !/^(-y|-q|--no|--non)/.test(arg));
  return `${manager.isForUsers ? '' : 'sudo '}${manager.program} ${args.join(' ')}`;
}

/** Returns the prefix that runs a command as root without a password: empty for root, `sudo -n` if that works, else undefined. */
async function asRoot(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  if (findProgram('sudo') === undefined) return undefined;
  return (await run('sudo', ['-n', 'true'])).ok ? ['sudo', '-n'] : undefined;
}

/** Installs a server with the package manager if that needs no password. Prints a line before. */
export async function fromPackageManager(out: Output): Promise<StoreServer | undefined> {
  const manager = found();
  if (manager === undefined) return undefined;
  const prefix = manager.isForUsers ? [] : await asRoot();
  if (prefix === undefined) return undefined;
  const [name, how] = [manager.install.at(-1), [...prefix.slice(0, 1), manager.program].join(' ')];
  out.line(`redis-server is missing: installing ${name} with ${how} (a few MB, once)`);
  let outcome = await call([...prefix, manager.program, ...manager.install]);
  if (!outcome.ok && manager.refresh !== undefined) {
    out.progress(`${manager.program}: refreshing the package lists`);
    await call([...prefix, manager.program, ...manager.refresh]);
    outcome = await call([...prefix, manager.program, ...manager.install]);
  }
  const server = onPath(`${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`);
  if (server === undefined) out.line(`${manager.program} installed no suitable server: ${outcome.output.split('\n').at(-1) ?? ''}`);
  return server;
}

const call = ([command, ...args]: readonly string[]): Promise<Outcome> =>
  run(command as string, args, { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' });
