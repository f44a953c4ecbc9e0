import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../system/places.ts';

interface Place {
  files: string;
  /** one group, the version, at the end of the match */
  pattern: RegExp;
}

/** Where a person would write the version; `package-lock.json` holds it too. */
const written: readonly Place[] = [
  { files: '{.,*,acceptance/*,apps/*,libs/*}/package.json', pattern: /^ {2}"version": "([^"]+)/gm },
  { files: 'helm/almanac/Chart.yaml', pattern: /^(?:version|appVersion): (\S+)/gm },
  { files: 'infra/.env.example', pattern: /^ALMANAC_TAG=(\S+)/gm },
];

/** What follows from it: the newest release in the changelog, and the manifests that helm renders. */
const derived: readonly Place[] = [
  { files: 'CHANGELOG.md', pattern: /^## \[Unreleased\][\s\S]*?^## \[(\d[^\]]*)/gm },
  { files: 'infra/kubernetes/*/*.yaml', pattern: /app\.kubernetes\.io\/version: (\S+)/g },
];

export interface FoundVersion {
  place: string;
  version: string;
}

/** Every version in the checkout. A file that should hold one and does not has the version `none`. */
export function readVersions(checkout = root): FoundVersion[] {
  const lock = readLock(checkout);
  return [
    ...[...written, ...derived].flatMap(({ files, pattern }) =>
      globSync(files, { cwd: checkout }).flatMap((file) => {
        const found = [...readFileSync(join(checkout, file), 'utf8').matchAll(pattern)].map(([, version]) => version as string);
        return (found.length === 0 ? ['none'] : found).map((version) => ({ place: file, version }));
      }),
    ),
    ...ownEntries(lock).map(([folder, { version }]) => ({ place: `package-lock.json '${folder}'`, version })),
  ];
}

/** Writes the version everywhere but in the rendered manifests, and gives it the changelog's unreleased part. */
export function writeVersion(version: string, date: string, checkout = root): void {
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(join(checkout, file), change(readFileSync(join(checkout, file), 'utf8')));
  for (const { files, pattern } of written)
    for (const file of globSync(files, { cwd: checkout }))
      edit(file, (text) => text.replace(pattern, (match, old: string) => match.slice(0, -old.length) + version));
  const lock = readLock(checkout);
  for (const [, entry] of ownEntries(lock)) entry.version = version;
  edit('package-lock.json', () => `${JSON.stringify(lock, undefined, 2)}\n`);
  edit('CHANGELOG.md', (text) => text.replace('## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${date}\n`));
}

interface Entry {
  version: string;
}
interface Lock extends Entry {
  packages: Record<string, Entry>;
}

const readLock = (checkout: string): Lock => JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')) as Lock;

/** The lock file itself and the workspaces in it: all that was not installed. */
const ownEntries = (lock: Lock): [string, Entry][] => [
  ['.', lock],
  ...Object.entries(lock.packages).filter(([folder]) => !folder.includes('node_modules/')),
];
