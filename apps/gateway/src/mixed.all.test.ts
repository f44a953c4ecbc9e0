import { test } from 'node:test';
import { checkMixedLoad } from './fixtures/mixed-check.ts';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'takes long; ALMANAC_TEST_ALL=1 runs it';
/** A new seed for each run; the output shows it. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e6));

test('50,000 mixed requests to faulty services: no wrong response', { skip }, (t) => checkMixedLoad(t, 50_000, seed));
