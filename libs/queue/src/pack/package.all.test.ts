// The package as others get it: packed, installed into an empty folder with what it depends on, and used as its README says.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import { build } from './build.ts';
import { examples } from './readme.ts';

const run = promisify(execFile);
const house = join(import.meta.dirname, '../../../..');
const folder = mkdtempSync(join(tmpdir(), 'almanac-package-'));
const home = join(folder, 'home');
let store: TestRedis;
let cannot: string | undefined;
after(() => rmSync(folder, { recursive: true, force: true }));
after(() => store?.end());

before(async () => {
  store = await startTestRedis();
  const built = build(join(folder, 'built'));
  const packed = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', folder, built], { encoding: 'utf8' }));
  const [{ filename }] = packed as [{ filename: string }];
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{"name":"somebody-elses","private":true,"type":"module"}');
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  try {
    await run('npm', [...install, join(folder, filename), `@types/node@${versionOf('@types/node')}`], { cwd: home });
  } catch (error) {
    // Without the registry and without a cache there is no ioredis to be had: that is this machine's affair.
    const words = (error as { stderr: string }).stderr;
    if (!/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENOTCACHED|ERR_SOCKET_TIMEOUT/.test(words)) throw error;
    cannot = `npm does not reach what the package depends on: ${words.split('\n').find((line) => line.includes('code'))}`;
  }
});

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(house, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;

test('what is packed: plain JavaScript, types, the scripts, and no test', (t) => {
  if (cannot !== undefined) return t.skip(cannot);
  const installed = join(home, 'node_modules/@almanac/hotqueue');
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  for (const file of ['README.md', 'LICENSE', 'lib/index.js', 'lib/index.d.ts', 'lib/heartbeat-thread.js', 'lib/lua/cycle.lua'])
    assert.ok(files.includes(file), file);
  assert.deepEqual(
    files.filter((file) => /\btest\b|proof|fixtures|(?<!\.d)\.ts$/.test(file)),
    [],
  );
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>;
  for (const name of ['private', 'devDependencies', 'scripts', 'nx']) assert.ok(!(name in manifest), name);
  for (const name of ['description', 'keywords', 'license', 'engines', 'exports']) assert.ok(name in manifest, name);
});

for (const { file, program, output } of examples) {
  test(`${file} of the README prints what it says`, async (t) => {
    if (cannot !== undefined) return t.skip(cannot);
    await store.connect().flushall();
    writeFileSync(join(home, file), program);
    const env = { ...process.env, REDIS_URL: store.url, NODE_TEST_CONTEXT: undefined };
    const { stdout } = await run(process.execPath, [file], { cwd: home, env, timeout: 30_000 });
    assert.equal(stdout, output);
  });
}

test('the thread that beats is found in the package too', async (t) => {
  if (cannot !== undefined) return t.skip(cannot);
  const program = `
    import { connectQueue, queueKeys, Worker } from '@almanac/hotqueue';
    const redis = await connectQueue(process.env.REDIS_URL);
    const handle = async () => ({ state: 'complete', note: '{}' });
    const worker = new Worker({ redis, queue: 'beating', lostAfterMs: 400, heartbeat: 'thread', handle }).start();
    while (worker.name === undefined) await new Promise((soon) => setTimeout(soon, 5));
    const beats = async () => Number(await redis.hget(queueKeys('beating').workers, worker.name));
    await new Promise((soon) => setTimeout(soon, 500));
    const before = await beats();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
    console.log((await beats()) > before + 2);
    await worker.stop();
    redis.disconnect();`;
  writeFileSync(join(home, 'beating.mjs'), program);
  const { stdout } = await run(process.execPath, ['beating.mjs'], {
    cwd: home,
    env: { ...process.env, REDIS_URL: store.url },
    timeout: 30_000,
  });
  assert.equal(stdout, 'true\n');
});

test('a program in TypeScript finds the types, and is told where it uses them wrongly', async (t) => {
  if (cannot !== undefined) return t.skip(cannot);
  const options = { strict: true, module: 'nodenext', target: 'es2024', noEmit: true, types: ['node'], skipLibCheck: false };
  const check = async (file: string): Promise<string> => {
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: [file] }));
    const result = run(join(house, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: home });
    return (await result.catch((error: { stdout: string }) => error)).stdout;
  };
  const typed = examples.find(({ file }) => file.endsWith('.ts'));
  assert.ok(typed !== undefined);
  writeFileSync(join(home, typed.file), typed.program);
  assert.equal(await check(typed.file), '');
  writeFileSync(join(home, 'wrong.ts'), typed.program.replace("'photo-2', JSON.stringify(payload)", "'photo-2', payload"));
  assert.match(await check('wrong.ts'), /wrong\.ts.*Resize.*not assignable to parameter of type 'string'/);
});
