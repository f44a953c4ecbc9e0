import type { Random } from '@almanac/testkit';
import type { Attack, Attacker } from '../attack.ts';
import { attackId, nested } from './bodies.ts';

const extremes = ['1e308', '-1e308', '5e-324', '0', '-0', '1e-300', '1e300', '2.2250738585072014e-308', '9007199254740993'];

/** Absurd inputs of plot jobs. */
const inputs: readonly ((random: Random) => unknown)[] = [
  (r) => ({ dataset: 'fuzz-witness', width: r.pick([4096, 4096, 100000, 0, -1, 1e9]), height: 4096, scale: r.pick([1, 3, 10, 1e6]) }),
  (r) => ({ dataset: 'fuzz-witness', title: 't'.repeat(r.size(1, 500_000)) }),
  (r) => ({ dataset: 'fuzz-witness', where: { value: { in: Array.from({ length: r.size(1, 20_000) }, (_, i) => i) } } }),
  (r) => ({ dataset: 'fuzz-witness', where: Object.fromEntries(Array.from({ length: r.size(1, 2_000) }, (_, i) => [`c${i}`, 1])) }),
  (r) => ({
    dataset: 'fuzz-witness',
    type: r.pick(['pie', 'scatter', 'histogram', '__proto__']),
    x: r.pick(['key', 'value', 'constructor']),
    bins: r.pick([1, 1e9, -5]),
  }),
  (r) => ({
    dataset: r.pick(['fuzz-extreme', 'fuzz-long']),
    type: r.pick(['scatter', 'histogram', 'line', 'bar']),
    x: r.pick(['a', 'c']),
    y: r.pick(['b', 'v']),
    top: 400,
  }),
  (r) => ({ dataset: 'fuzz-witness', x: nested(r.size(2, 200), '[', ']', '1') }),
  (r) => ({ dataset: attackId(r) }),
];

const processes: readonly unknown[] = [
  { properties: { properties: { type: 'string', pattern: '^(a+)+$' } } },
  { type: 'object', properties: { a: { $ref: '#/definitions/x' } }, definitions: { x: { pattern: '(x+x+)+y' } } },
  { properties: { a: { patternProperties: { '^(a|a)*$': {} } } } },
  { properties: { a: { not: { items: { pattern: '(.*)*b' } } } } },
  { $schema: 'http://evil.example/schema', properties: {} },
];

async function setUp(attacker: Attacker): Promise<void> {
  const { random } = attacker;
  const rows = Array.from({ length: 8 }, () => `${random.pick(extremes)},${random.pick(extremes)}`).join('\n');
  const put = (id: string, type: string, body: string) =>
    attacker.send({ method: 'PUT', path: `/v1/datasets/${id}`, headers: { 'content-type': type }, body });
  await put('fuzz-extreme', 'text/csv', `a,b\n${rows}\n`);
  const long = Array.from({ length: random.size(2, 400) }, (_, i) => ({ c: `${i}${'W'.repeat(random.size(1, 2_000))}`, v: i }));
  await put('fuzz-long', 'application/json', JSON.stringify(long));
}

export const jobAttacks: readonly Attack[] = [
  { name: 'data sets with extreme numbers and long names', section: 'Plots', run: setUp },
  {
    name: 'absurd plot inputs',
    section: 'Plots',
    weight: 5,
    run: (attacker) => attacker.json('POST', '/v1/jobs', { process: 'plot', inputs: attacker.random.pick(inputs)(attacker.random) }),
  },
  {
    name: 'a deep or wide job body',
    section: 'Jobs',
    run: (attacker) => {
      const { random } = attacker;
      const deep = nested(random.size(10, 200_000), random.pick(['[', '{"a":']), '', '1');
      const body = random.chance(0.5)
        ? `{"process":"plot","inputs":${deep}`
        : `{"inputs":{"dataset":"fuzz-witness","x":${nested(random.size(10, 100_000), '[', ']', '')}}}`;
      return attacker.json('POST', '/v1/jobs', body, random.chance(0.5) ? { 'idempotency-key': `"${random.integer(0, 9)}"` } : {}, {
        mustRefuse: true,
      });
    },
  },
  {
    name: 'course jobs with large echoes',
    section: 'Jobs',
    weight: 2,
    run: (attacker) => attacker.json('POST', '/jobs', { dataset: 'fuzz-witness', note: 'p'.repeat(attacker.random.size(10, 900_000)) }),
  },
  {
    name: 'hostile process schemas',
    section: 'Jobs',
    run: async (attacker) => {
      const { random } = attacker;
      const id = `fuzz-p${random.integer(0, 30)}`;
      const schema = random.pick(processes);
      const title = 'T'.repeat(random.size(1, 100_000));
      const body = { version: '1', title, outputs: { o: { mediaType: 'text/plain' } }, inputs: schema };
      const response = await attacker.json('PUT', `/v1/processes/${id}`, body);
      if (response.status < 300 && JSON.stringify(schema).includes('pattern'))
        await attacker.json('POST', '/v1/jobs', {
          process: id,
          inputs: { dataset: 'fuzz-witness', properties: `${'a'.repeat(32)}!`, a: `${'x'.repeat(32)}!` },
        });
    },
  },
  {
    name: 'a client impersonates a worker',
    section: 'Jobs',
    weight: 2,
    run: async (attacker) => {
      const { random } = attacker;
      const response = await attacker.json('POST', '/v1/jobs', {
        inputs: { dataset: 'fuzz-witness', type: 'line', x: 'key', y: 'value', title: `s${random.next()}` },
      });
      if (response.status !== 201) return;
      const { id } = JSON.parse(response.text) as { id: string };
      const { text } = await attacker.send({ method: 'GET', path: `/v1/jobs/${id}` });
      const worker = (/"worker":"([^"]+)"/.exec(text)?.[1] ?? 'w') as string;
      const token = encodeURIComponent(`${worker}:${random.pick([1, 2, ''])}`);
      const refused = { mustRefuse: true };
      await attacker.json('POST', `/v1/jobs/${id}/finish?token=${token}`, { message: 'forged' }, {}, refused);
      await attacker.json('POST', `/v1/jobs/${id}/fail?token=${token}`, { message: 'forged' }, { 'worker-token': `${worker}:1` }, refused);
      const result = { method: 'PUT', path: `/v1/jobs/${id}/results/${random.pick(['png', '__proto__', 'constructor'])}?token=${token}` };
      await attacker.send({ ...result, headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(random.size(1, 3_000_000)) }, refused);
    },
  },
  {
    name: 'long polls and lists',
    section: 'Jobs',
    run: async (attacker) => {
      const { random } = attacker;
      await Promise.all(
        Array.from({ length: random.integer(2, 30) }, () =>
          random.chance(0.5)
            ? attacker.json('POST', '/v1/processes/fuzz-p1/take', {}, { prefer: 'wait=5' })
            : attacker.send({ method: 'GET', path: random.pick(['/v1/jobs?limit=10000', '/jobs', '/v1/jobs', '/jobs?shape=list']) }),
        ),
      );
    },
  },
];
