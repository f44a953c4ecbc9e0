import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { metricTable } from '@almanac/service';
import { chart } from './render.ts';

const table: Record<string, { type: string; labels: readonly string[] }> = {
  ...metricTable,
  // prom-client's own, and Prometheus's.
  process_resident_memory_bytes: { type: 'gauge', labels: [] },
  up: { type: 'gauge', labels: [] },
};

/** Labels of every sample: two that Prometheus adds for a pod, and the registry's own. */
const everywhere = ['namespace', 'pod', 'service'];

const files = {
  dashboard: readFileSync(join(chart, 'files/dashboard.json'), 'utf8').replaceAll('\\"', '"'),
  alerts: readFileSync(join(chart, 'templates/monitoring/prometheusrule.yaml'), 'utf8').replaceAll('{{- $mine }}', 'pod="",'),
};

interface Use {
  metric: string;
  labels: string[];
}

/** Each metric that an expression selects, with the labels that it matches or groups by. */
function usesIn(expression: string): Use[] {
  const groups = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
  return [...expression.matchAll(/([a-z_]+)\{([^}]*)\}/g)].map(([, name = '', matchers = '']) => ({
    metric: baseOf(name),
    labels: [...groups, ...[...matchers.matchAll(/(\w+)(?==~?"|!)/g)].map(([label]) => label)],
  }));
}

/** A histogram is stored as three series. */
const baseOf = (name: string): string => {
  const base = name.replace(/_(bucket|count|sum)$/, '');
  return table[base]?.type === 'histogram' ? base : name;
};

const expressions = Object.entries(files).flatMap(([file, text]) =>
  [...text.matchAll(/(?:"expr": "|expr: )(.*)/g)].map(([, expression = '']) => ({ file, uses: usesIn(expression) })),
);

test('the dashboard and the alerts name only metrics and labels that a service defines', () => {
  assert.ok(expressions.length >= 12);
  for (const { file, uses } of expressions) {
    assert.ok(uses.length > 0, file);
    for (const { metric, labels } of uses) {
      const known = table[metric];
      assert.ok(known !== undefined, `${file}: no service defines ${metric}`);
      const own = [...known.labels, ...everywhere, ...(known.type === 'histogram' ? ['le'] : [])];
      assert.deepEqual(
        labels.filter((label) => !own.includes(label)),
        [],
        `${file}: ${metric} has no such label`,
      );
    }
  }
});

test('the length of the queue is on the dashboard and has an alert', () => {
  for (const file of Object.keys(files))
    assert.ok(
      expressions.some((one) => one.file === file && one.uses.some(({ metric }) => metric === 'queue_depth')),
      file,
    );
});

test('a wrong name or label would be noticed', () => {
  assert.deepEqual(usesIn('sum by (reason, le) (rate(ingest_load_seconds_bucket{pod="x",kind!="y"}[5m]))'), [
    { metric: 'ingest_load_seconds', labels: ['reason', 'le', 'pod', 'kind'] },
  ]);
  assert.deepEqual(usesIn('max(queue_dept{pod=~"x"})'), [{ metric: 'queue_dept', labels: ['pod'] }]);
});
