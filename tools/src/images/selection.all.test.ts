// What infra/Dockerfile does, without containers: the same two scripts choose and install, and the service is started from what came of it.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort, startTestRedis, type TestRedis } from '@almanac/testkit';
import { root } from '../system/places.ts';
import { run } from '../system/run.ts';
import { apps } from '../up/plan.ts';
import { describeCheckout } from './names.ts';
import { billOf, contentsOf, developmentPackages, nativePackages, Running, waitForOk } from './testing.ts';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'installs the packages of five services; set ALMANAC_TEST_ALL=1 to run it';
const base = mkdtempSync(join(tmpdir(), 'almanac-selection-'));
let store: TestRedis;
before(async () => {
  store = await startTestRedis();
});
after(async () => {
  await store.end();
  rmSync(base, { recursive: true, force: true });
});

/** The steps of infra/Dockerfile, into a folder as an image's /app is. */
async function assemble(app: string): Promise<string> {
  const chosen = join(base, `${app}-chosen`);
  const folder = join(base, app);
  const collected = await run(process.execPath, [join(root, 'infra/image/collect.ts'), app, chosen]);
  assert.ok(collected.ok, collected.output);
  cpSync(join(chosen, 'packages'), folder, { recursive: true });
  const installed = await run('sh', ['-c', 'cd "$1" && exec sh "$2" "$3"', 'sh', folder, join(root, 'infra/image/install.sh'), app]);
  assert.ok(installed.ok, installed.output);
  cpSync(join(chosen, 'sources'), folder, { recursive: true });
  return folder;
}

for (const app of apps) {
  test(`${app}: its packages, its libraries, no tests; it starts from them, and SIGTERM ends it with 0`, {
    skip,
    timeout: 600_000,
  }, async () => {
    const folder = await assemble(app);
    const { files, imports, libraries, wanted } = contentsOf(folder);
    assert.deepEqual(libraries.sort(), wanted.sort(), 'exactly the libraries that are imported');
    assert.deepEqual(
      files.filter((file) => /\.test\.ts$|\/fixtures\/|\/golden\//.test(file)),
      [],
    );
    for (const { file, name } of imports) {
      assert.ok(name !== 'node:test' && name !== '@almanac/testkit', `${file} imports ${name}`);
      if (name.startsWith('.')) assert.ok(existsSync(resolve(dirname(file), name)), `${file} imports ${name}, which is left out`);
    }
    const has = (name: string) => existsSync(join(folder, 'node_modules', name));
    for (const name of developmentPackages) assert.equal(has(name), false, name);
    for (const [name, users] of Object.entries(nativePackages)) assert.equal(has(name), users.includes(app), name);
    const bill = billOf(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
    for (const name of libraries) assert.ok(bill.has(`pkg:npm/${name.replace('@', '%40')}@${describeCheckout().version}`), name);
    for (const name of ['fastify', 'typebox']) {
      const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
      assert.ok(bill.has(`pkg:npm/${name}@${version}`), name);
    }
    assert.equal(existsSync(join(folder, 'package-lock.json')), false);

    const port = await freePort();
    const service = new Running(join(folder, 'start'), [], {
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      REDIS_URL: store.url,
      DRAIN_SECONDS: '0',
    });
    try {
      await waitForOk(`http://127.0.0.1:${port}/readyz`).catch((error: Error) => assert.fail(`${error.message}\n${service.output}`));
    } finally {
      assert.equal(await service.stop(), 0, service.output);
    }
  });
}
