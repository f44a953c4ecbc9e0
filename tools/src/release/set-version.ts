// npm run release -- X.Y.Z          sets the version everywhere; then commit, and tag the commit vX.Y.Z
// npm run release -- --check X.Y.Z  lists the places that hold another version
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../system/places.ts';
import { readVersions, writeVersion } from './version.ts';

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean', default: false } }, allowPositionals: true });
const [version = '', ...rest] = positionals;
if (!/^\d+\.\d+\.\d+$/.test(version) || rest.length > 0) throw new Error('usage: npm run release -- [--check] X.Y.Z');

if (!values.check) {
  writeVersion(version, new Date().toISOString().slice(0, 10));
  const env = { ...process.env, UPDATE_MANIFESTS: '1' };
  spawnSync(join(root, 'almanac'), ['test', 'tools/src/chart/helm', '--all'], { env, stdio: 'inherit' });
}
const others = readVersions().filter((found) => found.version !== version);
for (const other of others) console.error(`${other.place}: ${other.version}, must be ${version}`);
process.exitCode = others.length === 0 ? 0 : 1;
