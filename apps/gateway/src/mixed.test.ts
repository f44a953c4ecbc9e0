import { test } from 'node:test';
import { checkMixedLoad } from './fixtures/mixed-check.ts';

test('5,000 mixed requests to faulty services: no wrong response', (t) => checkMixedLoad(t, 5_000, 17));
