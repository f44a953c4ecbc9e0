import type { Random } from '@almanac/testkit';
import type { Attack, Attacker } from '../attack.ts';
import { attackId } from './bodies.ts';

const sets = ['fuzz-witness', 'meteorites', 'turbidity'];
const anySet = (random: Random): string => (random.chance(0.4) ? attackId(random) : random.pick(sets));

const queries: readonly ((random: Random) => string)[] = [
  (r) => `limit=${r.pick(['10000', '10001', 'all', '0', '-1', '1e9', '99999999999999999999', 'NaN', ''])}`,
  (r) => `offset=${r.pick(['0', '999999999', '-1', '1e400', 'x'])}`,
  (r) => `${'u'.repeat(r.size(1, 3_000))}=1`,
  (r) => `name[like]=${encodeURIComponent(r.pick(['*a*', '*'.repeat(500), `${'*a'.repeat(400)}b`, '%25']))}`,
  (r) => `id[in]=${Array.from({ length: r.size(1, 2_000) }, (_, i) => i).join(',')}`,
  (r) => `fields=${Array.from({ length: r.size(1, 1_000) }, (_, i) => `f${i}`).join(',')}`,
  (r) => Array.from({ length: r.size(1, 300) }, (_, i) => `id[gte]=${i}`).join('&'),
  (r) => `f=${r.pick(['csv', 'arrow', 'ndjson', 'json', 'exe', '%00'])}`,
  (r) => `version=${r.pick(['latest', '1-0000000000000000', '0', '99999999', '../..'])}`,
  (r) => `id[${r.pick(['__proto__', 'constructor', 'gte][', 'not.not.in', ''])}]=1`,
];

const paths: readonly ((random: Random) => string)[] = [
  (r) => `/v1/datasets/${anySet(r)}/records?${Array.from({ length: r.integer(1, 3) }, () => r.pick(queries)(r)).join('&')}`,
  (r) => `/v1/datasets/${anySet(r)}.${r.pick(['csv', 'json', 'ndjson', 'arrow', 'parquet', ''])}`,
  (r) => `/v1/datasets/${anySet(r)}/rejects`,
  (r) => `/v1/datasets/${anySet(r)}/records/${encodeURIComponent(r.pick(['7', '__proto__', '', '\u0000', 'x'.repeat(2_000), '..']))}`,
  () => '/v1/datasets?limit=10000',
  (r) => `/v1/datasets/${'z'.repeat(r.size(1, 300))}`,
  (r) =>
    `/data?search=${r.pick(['a', 'zzz', encodeURIComponent('\u{1F300}'), '.*', 'x'.repeat(1_000)])}&limit=${r.pick(['5', '-1', '10000'])}`,
  (r) => `/epochs/${r.pick(['x', '2026-328T15:24:00.000Z', '%FF', 'x'.repeat(900)])}/${r.pick(['speed', 'location', ''])}`,
  () => '/',
  () => '/help',
  () => '/openapi.json',
];

export const readAttacks: readonly Attack[] = [
  {
    name: 'odd requests',
    section: 'Reads',
    weight: 12,
    run: async (attacker) => {
      const { random } = attacker;
      const headers: Record<string, string> = random.chance(0.2)
        ? { range: random.pick(['bytes=0-0', 'bytes=-1', 'bytes=0-,0-,0-', 'bytes=9-1', 'x']) }
        : {};
      await attacker.send({ method: random.chance(0.1) ? 'HEAD' : 'GET', path: random.pick(paths)(random), headers });
    },
  },
  {
    name: 'the same search many times at once',
    section: 'Reads',
    run: async (attacker) => {
      const path = `/data?search=${attacker.random.integer(0, 1e6)}x`;
      await Promise.all(Array.from({ length: attacker.random.integer(2, 20) }, () => attacker.send({ method: 'GET', path })));
    },
  },
  {
    name: 'clients that do not read',
    section: 'Reads',
    run: (attacker) => holdRaw(attacker, attacker.random.integer(4, 70), `/v1/datasets/${attacker.random.pick(sets)}.csv`),
  },
  {
    name: 'event streams',
    section: 'Reads',
    run: (attacker) => holdRaw(attacker, attacker.random.integer(4, 80), '/v1/jobs/events'),
  },
];

/** Opens connections, sends a request on each and does not read the responses for some seconds. */
async function holdRaw(attacker: Attacker, count: number, path: string): Promise<void> {
  const waitMs = attacker.random.integer(1_000, 8_000);
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
  await Promise.all(Array.from({ length: count }, () => attacker.raw([request], { waitMs })));
}
