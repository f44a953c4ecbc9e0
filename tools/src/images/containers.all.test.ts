// Every image, built and run as a cluster runs it: not as root, its root read-only, without capabilities, against a real store.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { freePort, startTestRedis, type TestRedis } from '@almanac/testkit';
import { run } from '../system/run.ts';
import { type AppName, apps } from '../up/plan.ts';
import { buildImages, portOf } from './build.ts';
import { containersHere } from './container-runner.ts';
import { findBuilder } from './find-builder.ts';
import { describeCheckout, imageName } from './names.ts';
import { billOf, contentsOf, developmentPackages, nativePackages, waitForOk } from './testing.ts';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'builds and runs five images; set ALMANAC_TEST_ALL=1 to run it';
const owner = 'localhost/almanac-test';
const tag = `t${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'almanac-containers-'));
let here: Awaited<ReturnType<typeof containersHere>>;
let store: TestRedis;
before(async () => {
  if (skip !== false) return;
  here = await containersHere();
  store = await startTestRedis();
});
after(async () => {
  await store?.end();
  rmSync(folder, { recursive: true, force: true });
});

const silent = { line: () => {}, progress: () => {} };

async function must(program: string, ...args: string[]): Promise<string> {
  const { ok, output } = await run(program, args);
  assert.ok(ok, `${program} ${args.join(' ')}: ${output}`);
  return output;
}

/** Builds the image; ends with its name, or skips the test with the reason. */
async function build(t: TestContext, app: AppName): Promise<{ image: string; program: string } | undefined> {
  if ('skip' in here) return void t.skip(here.skip);
  const { program, base } = here;
  await buildImages(await findBuilder(), { owner, tag, services: [app], base, isLocalBase: base !== undefined }, silent);
  const image = imageName(owner, app, tag);
  t.after(() => run(program, ['rmi', '-f', image]));
  return { image, program };
}

interface Inspected {
  Config: { Labels: Record<string, string>; Env: string[]; ExposedPorts?: Record<string, object>; User: string };
}

for (const app of apps) {
  test(`${app}: the image runs as in a cluster, and contains the right files`, { skip, timeout: 1_200_000 }, async (t) => {
    const built = await build(t, app);
    if (built === undefined) return;
    const { image, program } = built;
    const { Config: config } = JSON.parse(await must(program, 'image', 'inspect', image))[0] as Inspected;
    assert.equal(config.User, '1000:1000');
    assert.deepEqual(Object.keys(config.ExposedPorts ?? {}), [`${portOf(app)}/tcp`]);
    assert.equal(config.Labels['org.opencontainers.image.title'], `almanac-${app}`);
    for (const label of ['description', 'version', 'revision', 'created', 'licenses'])
      assert.ok(config.Labels[`org.opencontainers.image.${label}`], label);
    assert.ok(!config.Env.some((variable) => /CERT|cafile|npm_config/i.test(variable)), 'nothing of the machine it was built on');

    const port = await freePort();
    const name = `almanac-test-${process.pid}-${app}`;
    const hardened = ['--network=host', '--read-only', '--tmpfs=/tmp', '--cap-drop=ALL', '--security-opt=no-new-privileges'];
    const env = { HOST: '127.0.0.1', PORT: String(port), REDIS_URL: store.url, DRAIN_SECONDS: '0' };
    const variables = Object.entries(env).map(([key, value]) => `--env=${key}=${value}`);
    await must(program, 'run', '--detach', '--name', name, ...hardened, ...variables, image);
    try {
      for (const path of ['/livez', '/readyz']) await waitForOk(`http://127.0.0.1:${port}${path}`);
      assert.match(await must(program, 'exec', name, 'id', '-u'), /^1000$/m);
      await must(program, 'exec', name, 'node', '/app/healthcheck.ts');
      await must(program, 'exec', name, 'sh', '-c', '! touch /app/x 2>/dev/null && touch /tmp/x && ! command -v npm');
      await must(program, 'cp', `${name}:/app`, join(folder, app));
      await must(program, 'stop', '--time', '20', name);
      assert.match(await must(program, 'inspect', '--format', '{{.State.ExitCode}}', name), /^0$/m);
    } finally {
      await run(program, ['rm', '-f', name]);
    }

    const { files, libraries, wanted } = contentsOf(join(folder, app));
    assert.deepEqual(libraries.sort(), wanted.sort());
    assert.ok(!files.some((file) => file.endsWith('.test.ts')));
    const has = (name: string) => existsSync(join(folder, app, 'node_modules', name));
    for (const name of developmentPackages) assert.equal(has(name), false, name);
    for (const [name, users] of Object.entries(nativePackages)) assert.equal(has(name), users.includes(app), name);
    const bill = billOf(readFileSync(join(folder, app, (config.Labels['almanac.sbom'] as string).replace('/app/', '')), 'utf8'));
    for (const library of libraries) assert.ok(bill.has(`pkg:npm/${library.replace('@', '%40')}@${describeCheckout().version}`), library);
    assert.ok(
      [...bill].some((purl) => purl.startsWith('pkg:deb/debian/libc6@')),
      'the Debian packages of the base',
    );
    assert.ok(
      [...bill].some((purl) => purl.startsWith('pkg:generic/node@24.')),
      'Node',
    );
  });
}
