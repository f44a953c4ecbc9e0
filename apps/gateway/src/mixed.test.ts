import { test } from 'node:test';
import { checkMixedLoad } from './fixtures/mixed-check.ts';

test('5,000 mixed requests, services that go wrong: no wrong answer', (t) => checkMixedLoad(t, 5_000, 17));
