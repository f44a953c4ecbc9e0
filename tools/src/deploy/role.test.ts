import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { root } from '../system/places.ts';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const text = readFileSync(join(root, 'infra/kubernetes/deployer-role.yaml'), 'utf8');
const objects = parseAllDocuments(text).map((document) => document.toJS() as { kind: string; metadata: { name: string }; rules?: Rule[] });
const rules = objects.find(({ kind }) => kind === 'Role')?.rules ?? [];

test('the deployer has no permissions outside its namespace, no wildcard, and cannot extend its permissions', () => {
  assert.deepEqual(
    objects.map(({ kind }) => kind),
    ['ServiceAccount', 'Role', 'RoleBinding'],
  );
  assert.ok(rules.length > 0);
  for (const { apiGroups, resources, verbs } of rules) {
    for (const word of [...apiGroups, ...resources, ...verbs]) assert.doesNotMatch(word, /\*/);
    for (const resource of resources) assert.doesNotMatch(resource, /^(roles|rolebindings|serviceaccounts|pods\/exec|pods\/attach)/);
    for (const verb of verbs) assert.doesNotMatch(verb, /^(bind|escalate|impersonate)$/);
  }
});

test('the rules for prod values and for copying backups, uncommented, are rules', () => {
  const more = [...text.matchAll(/^ {2}# - (\{.*\})$/gm)].map(([, rule]) => parse(rule as string) as Rule);
  assert.deepEqual(
    more.flatMap(({ resources }) => resources),
    ['networkpolicies', 'poddisruptionbudgets', 'horizontalpodautoscalers', 'serviceaccounts', 'httproutes', 'pods', 'pods/exec'],
  );
});
