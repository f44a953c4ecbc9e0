import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { roomsOf } from '../../../infra/image/rooms.ts';
import { Failure } from '../system/failure.ts';
import { root } from '../system/places.ts';
import { run } from '../system/run.ts';
import { apps, startArguments } from '../up/plan.ts';
import { buildImages, portOf } from './build.ts';
import { type Builder, buildArguments } from './builder.ts';
import { findBuilder } from './find-builder.ts';
import { describeCheckout, imageName, readBase, readOwner, readTag } from './names.ts';
import { installLine } from './push.ts';

const base = mkdtempSync(join(tmpdir(), 'almanac-images-'));
after(() => rmSync(base, { recursive: true, force: true }));

test('a registry is named as in container tools', () => {
  assert.equal(readOwner(), 'localhost');
  for (const owner of ['registry.example.org/some-one', '127.0.0.1:5000/almanac', 'registry.example.org/a/b_c/'])
    assert.equal(readOwner(owner), owner.replace(/\/$/, ''));
  for (const owner of ['https://registry.example.org/me', 'registry.example.org/Me', '', 'a b', '../x'])
    assert.throws(() => readOwner(owner), /REGISTRY\/OWNER/);
  assert.equal(imageName('registry.example.org/me', 'query', '1.2.0'), 'registry.example.org/me/almanac-query:1.2.0');
});

test('latest and invalid tags are rejected', () => {
  assert.throws(() => readTag('latest'), /must be a fixed version/);
  for (const tag of ['', '-x', 'a/b', 'x'.repeat(129)]) assert.throws(() => readTag(tag), Failure);
  assert.equal(readTag('0.1.0-gabc1234-dirty'), '0.1.0-gabc1234-dirty');
});

test('the tag of a checkout: the version at a release, else with the commit, and -dirty for changes', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const repository =
    (answers: Record<string, string>) =>
    (...args: string[]): string | undefined =>
      answers[args[0] as string];
  const at = { 'rev-parse': 'abcdef0123', show: '2026-01-02T03:04:05+01:00', tag: '', status: '' };
  const tagOf = (answers: Record<string, string>) => describeCheckout(repository(answers)).tag;
  assert.equal(tagOf(at), `${version}-gabcdef0`);
  assert.equal(tagOf({ ...at, tag: `v${version}` }), version);
  assert.equal(tagOf({ ...at, tag: `v${version}`, status: ' M x' }), `${version}-gabcdef0-dirty`);
  assert.equal(tagOf({}), version);
  assert.equal(describeCheckout(repository(at)).created, '2026-01-02T02:04:05.000Z');
});

test('an app includes its libraries and theirs, and an unknown app is reported with the known ones', () => {
  assert.deepEqual(roomsOf('query', root), ['apps/query', 'libs/analysis', 'libs/domain', 'libs/profiles', 'libs/service', 'libs/store']);
  assert.throws(() => roomsOf('qery', root), /APP is one of gateway, ingest, jobs, query, renderer/);
});

for (const app of apps) {
  test(`${app}: the selection holds sources without tests, starts with the script of the package, and is the same each time`, async () => {
    const folders = [join(base, app, 'a'), join(base, app, 'b')] as const;
    for (const folder of folders) assert.ok((await run(process.execPath, [join(root, 'infra/image/collect.ts'), app, folder])).ok);
    const [one, other] = await Promise.all(
      folders.map((folder) => run('tar', ['-C', folder, '--sort=name', '-cf', `${folder}.tar`, 'packages', 'sources'])),
    );
    assert.ok(one?.ok && other?.ok);
    assert.ok(readFileSync(`${folders[0]}.tar`).equals(readFileSync(`${folders[1]}.tar`)));
    const start = readFileSync(join(folders[0], 'sources/start'), 'utf8');
    assert.ok(start.endsWith(`exec node ${startArguments(app).join(' ')}\n`), start);
    assert.equal(lstatSync(join(folders[0], 'sources/start')).mode & 0o777, 0o755);
    assert.ok(existsSync(join(folders[0], 'sources/apps', app, 'src/main.ts')));
    const manifest = JSON.parse(readFileSync(join(folders[0], 'packages/package.json'), 'utf8'));
    assert.equal(manifest.devDependencies, undefined);
  });

  test(`${app}: the port of its image is its default port`, async () => {
    const { Env } = (await import(join(root, 'apps', app, 'src/env.ts'))) as { Env: { properties: { PORT: { default: number } } } };
    assert.equal(portOf(app), Env.properties.PORT.default);
  });
}

test('a base with a digest is passed to the build unchanged; an incomplete digest is rejected', async () => {
  const digest = `docker.io/library/node:24-bookworm-slim@sha256:${'0123456789abcdef'.repeat(4)}`;
  assert.equal(readBase(digest), digest);
  for (const wrong of ['node@sha256:abc', 'node@md5:123', '', '-x', 'node 24', `${digest}0`])
    assert.throws(() => readBase(wrong), /--base/, wrong);
  const given: (string | undefined)[] = [];
  const builder = {
    name: 'test',
    build: async ({ args }) => {
      given.push(args?.NODE_IMAGE);
      return { ok: true, output: '' };
    },
  } as Partial<Builder> as Builder;
  const silent = { line: () => {}, progress: () => {} };
  await buildImages(builder, { owner: 'localhost', tag: '1', services: ['query', 'jobs'], base: digest }, silent);
  assert.deepEqual(given, [digest, digest]);
  assert.ok(buildArguments({ image: 'i', context: '.', file: 'f', args: { NODE_IMAGE: digest } }).includes(`NODE_IMAGE=${digest}`));
});

test('without a builder, the message names what to install', async () => {
  await assert.rejects(findBuilder({ ALMANAC_BUILDER: 'none-such' }), /sudo apt-get install buildah/);
});

test('the command after a push names the pushed images', () => {
  assert.match(
    installLine('registry.example.org/me', '1.0.0'),
    /--set-string global\.imageRegistry=registry\.example\.org\/me \\\n {2}--set-string image\.tag=1\.0\.0$/,
  );
  assert.match(
    installLine('h:5000/me', '1', 'h:5000/me/redis:7'),
    /redis\.image\.registry=h:5000 [\s\S]*repository=me\/redis [\s\S]*tag=7$/,
  );
});
