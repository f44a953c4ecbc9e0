// An upgrade from the chart of 0.1.0: values that were written for it still render, and no field changes that Kubernetes never changes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findGoTool, helm, missing } from '../system/go-tool.ts';
import { type KubeObject, nameOf } from './objects.ts';
import { complaints } from './policies.ts';
import { type Installation, installation, render } from './render.ts';

const skip = findGoTool(helm) === undefined && missing(helm);
const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);
type Fields = Record<string, unknown>;
const before = JSON.parse(readFileSync(fixture('immutable-0.1.0.json'), 'utf8')) as Record<string, Record<string, Fields>>;

/** What users of 0.1.0 passed: the files of that release. */
const places: readonly Installation[] = [
  installation('minimal'),
  { name: 'test', files: [fixture('values-test-0.1.0.yaml'), 'ci/test-values.yaml'], args: [] },
  { name: 'prod', files: [fixture('values-prod-0.1.0.yaml'), 'ci/prod-values.yaml'], args: [] },
  { name: 'everything', files: [fixture('values-everything-0.1.0.yaml')], args: [] },
];

const pick = (object: KubeObject | undefined, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, (object?.spec as Fields | undefined)?.[name]]));

describe('values of 0.1.0', { skip }, () => {
  for (const place of places) {
    test(`${place.name} renders, complies with every policy and changes no immutable field`, () => {
      const objects = render(place);
      assert.deepEqual(complaints(objects), []);
      for (const [name, fields] of Object.entries(before[place.name] as Record<string, Fields>)) {
        const now = objects.find((one) => nameOf(one) === name);
        assert.deepEqual(pick(now, Object.keys(fields)), fields, name);
      }
    });
  }
});
