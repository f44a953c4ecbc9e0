import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseObjects } from './objects.ts';
import { complaints, policies } from './policies.ts';

/** A Deployment that violates every policy. */
const bad = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${'a'.repeat(64)}}
spec:
  selector: {matchLabels: {app: query, version: "1"}}
  template:
    metadata: {labels: {app: query, version: "2"}}
    spec:
      terminationGracePeriodSeconds: 30
      volumes: [{name: node, hostPath: {path: /}}, {name: tmp, emptyDir: {}}]
      containers:
        - {name: query, image: "registry.example.org/almanac-query:latest", imagePullPolicy: Always, env: [{name: DRAIN_SECONDS, value: "3"}]}
`;

test('every policy reports a Deployment that violates all of them', () => {
  const found = complaints(parseObjects(bad));
  for (const name of Object.keys(policies))
    assert.ok(
      found.some((line) => line.includes(`(${name})`)),
      `${name}: ${found.join('\n')}`,
    );
});

test('an object without pods violates no policy', () => {
  assert.deepEqual(complaints(parseObjects('{apiVersion: v1, kind: Service, metadata: {name: a}}')), []);
});
