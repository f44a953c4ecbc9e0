import type { Random } from '@almanac/testkit';
import type { Attack, Attacker } from '../attack.ts';
import { attackId, dripping, gzipped, nested, repeated } from './bodies.ts';

type Made = { type: string; body: string; query?: string };

const csv = 'text/csv';
const json = 'application/json';
const ndjson = 'application/x-ndjson';
const yaml = 'application/yaml';

/** Small bodies that decompress to large ones, or are expensive to parse. Sizes are chosen on a logarithmic scale. */
const makers: Record<string, (random: Random) => Made> = {
  'a row of many empty values': (r) => {
    const value = r.pick(['{}', '[]', '""', '0', 'null', '[{}]']);
    return {
      type: r.pick([json, ndjson]),
      body: `[{"a":[${`${value},`.repeat(r.size(1_000, 4_000_000))}${value}]}]`.replace(/^\[(.*)\]$/s, '[$1]'),
    };
  },
  'a field of doubled quotes': (r) => ({ type: csv, body: `a,b\n"${'""'.repeat(r.size(1_000, 6_000_000))}",1\n` }),
  'a quote that never closes': (r) => ({ type: csv, body: `a,b\n"${'x,y\n'.repeat(r.size(1_000, 3_000_000))}` }),
  'long column names': (r) => {
    const [columns, length] = [r.size(10, 5_000), r.size(10, 4_000)];
    const name = r.chance(0.5) ? () => 'h'.repeat(length) : (i: number) => `${i}_${'n'.repeat(length)}`;
    return { type: csv, body: `${Array.from({ length: columns }, (_, i) => name(i)).join(',')}\n${','.repeat(columns - 1)}\n` };
  },
  'a large row repeated by its key': (r) => ({
    type: csv,
    query: '?key=k',
    body: `k,b\n1,${'x'.repeat(r.size(1_000, 1_900_000))}\n${'1,2\n'.repeat(r.size(100, 30_000))}`,
  }),
  'lines that are not JSON': (r) => ({
    type: ndjson,
    body: `{"a":1}\n${r.pick(['{"a":NaN},\n', 'x\n', '{"a":1\n', '[1]\n', '{"a":"\u0001"}\n']).repeat(r.size(100, 500_000))}`,
  }),
  'rows of the wrong width': (r) => ({ type: csv, body: `a,b,c\n1,2,3\n${'1,2\n'.repeat(r.size(100, 2_000_000))}` }),
  'deep nesting': (r) => {
    const depth = r.size(10, 300_000);
    return r.chance(0.5)
      ? { type: json, body: `[{"a":${nested(depth, r.chance(0.5) ? '[' : '{"a":', '', '1')}` }
      : { type: yaml, body: `- a: ${nested(depth, '[', ']', '1')}\n` };
  },
  'very many rows in few bytes': (r) => ({ type: csv, body: `a\n${'1\n'.repeat(r.size(1_000, 8_000_000))}` }),
  'rows of one megabyte': (r) => ({ type: csv, body: `a\n${`${'x'.repeat(1_000_000)}\n`.repeat(r.integer(2, 20))}` }),
  'YAML with aliases': (r) => ({
    type: yaml,
    body: `- a: &a [x,x,x,x,x,x,x,x]\n${Array.from({ length: r.integer(2, 12) }, (_, i) => `- b${i}: &b${i} [*a,*a,*a,*a,*a]\n`).join('')}`,
  }),
  'a large YAML list': (r) => ({ type: yaml, body: `- {a: 1, b: ${'x'.repeat(80)}}\n`.repeat(r.size(100, 100_000)) }),
  'XML nested or with entities': (r) => ({
    type: 'application/xml',
    body: r.chance(0.5)
      ? `<r>${nested(r.size(10, 50_000), '<a>', '</a>', 'x')}</r>`
      : `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><r><i><v>&b;</v></i></r>`,
  }),
  'XML with many attributes': (r) => ({
    type: 'application/xml',
    body: `<r><i ${Array.from({ length: r.size(10, 50_000) }, (_, i) => `a${i}="1"`).join(' ')}/></r>`,
  }),
  'random bytes': (r) => ({
    type: r.pick([csv, json, ndjson, yaml, 'application/xml', '']),
    body: Buffer.from(Array.from({ length: r.size(1, 20_000) }, () => r.integer(0, 255))).toString('latin1'),
  }),
};

async function load(attacker: Attacker, name: string): Promise<void> {
  const { random } = attacker;
  const { type, body, query = '' } = (makers[name] as (random: Random) => Made)(random);
  const isPacked = body.length > 2_000_000 || random.chance(0.3);
  let bytes = isPacked ? gzipped(body) : Buffer.from(body);
  if (isPacked && random.chance(0.2)) bytes = gzipped(bytes);
  await attacker.send({
    method: 'PUT',
    path: `/v1/datasets/${attackId(random)}${query}`,
    headers: { ...(type === '' ? {} : { 'content-type': type }), ...(isPacked ? { 'content-encoding': 'gzip' } : {}) },
    body: bytes,
    deadlineMs: 60_000,
  });
}

export const loadAttacks: readonly Attack[] = [
  ...Object.keys(makers).map((name): Attack => ({ name, section: 'Loads', run: (attacker) => load(attacker, name) })),
  {
    name: 'a long body of unknown length',
    section: 'Loads',
    run: (attacker) =>
      attacker.send({
        method: 'PUT',
        path: `/v1/datasets/${attackId(attacker.random)}`,
        headers: { 'content-type': attacker.random.pick([csv, ndjson, json]) },
        body: repeated(attacker.random.pick(['x', '1,2\n', '[', '{"a":1}\n', '"']), attacker.random.size(100_000, 30_000_000)),
        deadlineMs: 60_000,
      }),
  },
  {
    name: 'slow bodies',
    section: 'Loads',
    run: async (attacker) => {
      const { random } = attacker;
      const until = performance.now() + random.integer(2_000, 20_000);
      const isOver = () => attacker.isOver || performance.now() > until;
      const put = () =>
        attacker.send({
          method: 'PUT',
          path: `/v1/datasets/${attackId(random)}`,
          headers: { 'content-type': csv },
          body: dripping('a\n', 1_000, isOver),
          deadlineMs: 60_000,
        });
      await Promise.all(Array.from({ length: random.integer(4, 70) }, put));
    },
  },
  {
    name: 'course data with odd bodies',
    section: 'Loads',
    run: (attacker) =>
      attacker.json(
        'POST',
        '/data',
        attacker.random.pick(['[]', '{}', 'null', '[1,2]', `[${'{},'.repeat(1000)}{}]`, nested(5_000, '[', ']', ''), '{"rows":']),
        { 'content-type': 'application/json' },
      ),
  },
];
