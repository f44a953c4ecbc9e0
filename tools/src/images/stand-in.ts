import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../system/failure.ts';
import { type Output, secondsSince } from '../system/output.ts';
import { places, root } from '../system/places.ts';
import { findProgram, run } from '../system/run.ts';
import type { Builder } from './builder.ts';

/** An image made from Debian packages, which replaces an official image on hosts that cannot pull images. */
export interface StandIn {
  image: string;
  /** Debian packages in addition to the minimal system */
  packages: readonly string[];
  dockerfile: string;
  /** adds files to the system's folder */
  complete(folder: string): Promise<void>;
}

/** The Debian release of the official images. */
const SUITE = 'bookworm';
const folderOfFiles = join(root, 'infra/image/stand-in');

export const nodeStandIn: StandIn = {
  image: 'localhost/almanac-stand-in/node:24',
  packages: ['ca-certificates'],
  dockerfile: 'node.Dockerfile',
  async complete(folder) {
    const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
    // npm installs both packages into <prefix>/node_modules, without links.
    const prefix = join(folder, 'opt/npm');
    await must('npm', [
      'install',
      '--prefix',
      prefix,
      '--no-save',
      '--ignore-scripts',
      '--no-update-notifier',
      `node-linux-${architecture}@24`,
      'npm@11',
    ]);
    const modules = join(folder, 'usr/local/lib/node_modules');
    mkdirSync(modules, { recursive: true });
    await must('mv', [join(prefix, 'node_modules/npm'), join(modules, 'npm')]);
    await must('install', [
      '-D',
      '-m755',
      join(prefix, `node_modules/node-linux-${architecture}/bin/node`),
      join(folder, 'usr/local/bin/node'),
    ]);
    for (const name of ['npm', 'npx'])
      await must('ln', ['-sf', `../lib/node_modules/npm/bin/${name}-cli.js`, join(folder, 'usr/local/bin', name)]);
    rmSync(join(folder, 'opt/npm'), { recursive: true });
    await must('chroot', [folder, 'useradd', '--uid', '1000', '--user-group', '--create-home', 'node']);
  },
};

export const redisStandIn: StandIn = {
  image: 'localhost/almanac-stand-in/redis:7',
  packages: ['redis-server', 'redis-tools'],
  dockerfile: 'redis.Dockerfile',
  async complete(folder) {
    // The user id of the official image, which the chart and volumes depend on.
    await must('chroot', [folder, 'groupmod', '--gid', '999', 'redis']);
    await must('chroot', [folder, 'usermod', '--uid', '999', '--gid', '999', 'redis']);
    await must('install', ['-m755', join(folderOfFiles, 'docker-entrypoint.sh'), join(folder, 'usr/local/bin/docker-entrypoint.sh')]);
    await must('install', ['-d', '-o', '999', '-g', '999', join(folder, 'data')]);
  },
};

/** Makes the image unless it exists. */
export async function makeStandIn(builder: Builder, { image, packages, dockerfile, complete }: StandIn, out: Output): Promise<void> {
  if (await builder.has(image)) return;
  if (process.getuid?.() !== 0) throw new Failure('--base-from-debian must run as root: sudo ./almanac images build --base-from-debian');
  if (findProgram('debootstrap') === undefined) throw new Failure('--base-from-debian needs debootstrap: sudo apt-get install debootstrap');
  const start = performance.now();
  out.line(`Making ${image} from Debian packages and Node from npm, as a replacement for the official image`);
  mkdirSync(places.images(), { recursive: true });
  const work = mkdtempSync(join(places.images(), 'stand-in-'));
  const system = join(work, 'root');
  try {
    out.progress('unpacking a Debian system (debootstrap)');
    await must('debootstrap', ['--variant=minbase', `--include=${packages.join(',')}`, SUITE, system]);
    await complete(system);
    for (const path of leftOut) rmSync(join(system, path), { recursive: true, force: true });
    await must('tar', ['-C', system, '-cf', join(work, 'root.tar'), '.']);
    rmSync(system, { recursive: true });
    const built = await builder.build({ image, context: work, file: join(folderOfFiles, dockerfile), isLocalBase: true }, () => {});
    if (!built.ok) throw new Failure(`${image} could not be built. Output of ${builder.name}:\n${built.output}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  out.line(`made ${image} in ${secondsSince(start)}`);
}

const leftOut = [
  'var/cache/apt',
  'var/lib/apt/lists',
  'var/cache/debconf',
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'var/log/dpkg.log',
];

async function must(command: string, args: readonly string[]): Promise<void> {
  const { ok, output } = await run(command, args);
  if (!ok) throw new Failure(`${[command, ...args].join(' ')} failed:\n${output.split('\n').slice(-10).join('\n')}`);
}
