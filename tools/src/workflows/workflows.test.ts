import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { actionlint, findGoTool, missing } from '../system/go-tool.ts';
import { root } from '../system/places.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; 'timeout-minutes'?: number; steps: Step[] }>;
}

const folder = join(root, '.github/workflows');
const files = readdirSync(folder).filter((name) => name.endsWith('.yml'));
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

for (const name of files) {
  const workflow = parse(read(name)) as Workflow;

  test(`${name}: every action is pinned to a commit, with its version beside it`, () => {
    for (const [, uses = ''] of read(name).matchAll(/uses: *(.*)/g)) assert.match(uses, /^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    assert.ok(stepsOf(workflow).some(({ uses }) => uses !== undefined));
  });

  test(`${name}: least permissions, and every job ends`, () => {
    assert.deepEqual(workflow.permissions, { contents: 'read' });
    for (const [job, { permissions = {}, 'timeout-minutes': minutes }] of Object.entries(workflow.jobs)) {
      assert.ok(minutes !== undefined && minutes <= 60, `${job} has a limit`);
      const written = Object.entries(permissions).filter(([scope, level]) => level === 'write' && scope !== 'id-token');
      assert.deepEqual(written, [], `${job} writes nothing to the repository`);
    }
    for (const { uses, with: given } of stepsOf(workflow))
      if (uses?.startsWith('actions/checkout@')) assert.equal(given?.['persist-credentials'], false);
  });

  test(`${name}: nothing is tagged latest`, () => assert.doesNotMatch(read(name), /:latest\b|tag latest\b/));

  test(`${name}: no expression is inserted into a script without shell quoting`, () => {
    for (const { run = '' } of stepsOf(workflow)) assert.doesNotMatch(run, /\$\{\{\s*(github|inputs|secrets)\./);
  });
}

test('a release builds on a base by digest, the same for all images', () => {
  const text = read('release.yml');
  assert.match(text, /imagetools inspect "\$base" --format '\{\{\.Manifest\.Digest\}\}'/);
  assert.match(text, /images build .* --base "\$BASE"/);
});

test('a release tests, builds, scans, pushes and signs, in this order', () => {
  const { jobs } = parse(read('release.yml')) as Workflow & { jobs: Record<string, { needs?: string | string[] }> };
  const needs = (job: string) => [(jobs[job] as { needs?: string | string[] }).needs ?? []].flat();
  assert.ok(needs('images').includes('test') && needs('chart').includes('images'));
  const text = (jobs.images as { steps: Step[] }).steps.map(({ run, uses }) => `${run ?? ''}${uses ?? ''}`);
  const places = ['images build', 'anchore/scan-action', 'images push', 'cosign sign'].map((word) =>
    text.findIndex((t) => t.includes(word)),
  );
  assert.ok(
    places.every((place, i) => place > (i === 0 ? -1 : (places[i - 1] as number))),
    String(places),
  );
});

const linter = findGoTool(actionlint);

test('actionlint reports nothing', { skip: linter === undefined ? missing(actionlint) : false }, () => {
  const paths = files.map((name) => join(folder, name));
  const { status, stdout, stderr } = spawnSync(linter as string, ['-no-color', ...paths], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});
