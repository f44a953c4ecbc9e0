import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inForm, realFile } from '../data.ts';
import { jsonOf } from '../http.ts';
import { type Peer, startBareFastify } from '../peers/index.ts';
import { keepAnswer, type Reading, toTheLastByte, underLoad } from '../reading.ts';
import { type SourceFile, Sources } from '../sources.ts';
import { Stack } from '../stack.ts';
import type { Row } from '../table.ts';
import { connect } from './load.ts';

const ISS = realFile('iss/ISS.OEM_J2K_EPH.2024-052.xml');
const ISS_START = Date.parse('2024-02-21T12:00:00Z');
const ISS_DAYS = 15;
const METEORITES = realFile('Meteorite_Landings_full.csv');
/** Number of epochs, or moments, requested in turn. */
const ASKED = 500;
/** Reading YAML takes its time. */
const YAML_ROWS = 10_000;
/** A round of each side under load; there are many routes. */
const SECONDS = 1;

/** C1-C7: the course's routes beside bare Fastify with the same bytes, and every source until its records can be read. */
export async function course(rounds = 2): Promise<Row[]> {
  const stack = new Stack();
  const sources = new Sources(stack, ['iss', 'genes', 'meteorites', 'turbidity', 'degrees']);
  stack.up([], sources.variables);
  const bare = await startBareFastify();
  const redis = connect(stack.redisUrl);
  try {
    await sources.load('meteorites', METEORITES);
    const loads: Row[] = [];
    for (const file of await files(stack)) loads.push(await sources.measure('C7', file, redis, rounds));
    await sources.load('iss', ISS);
    await sources.load('meteorites', METEORITES);
    return [...(await reads(stack, bare, rounds)), ...loads];
  } finally {
    redis.disconnect();
    bare.end();
    stack.down();
  }
}

/** C1-C5 under load, C6 one at a time. */
async function reads(stack: Stack, bare: Peer, rounds: number): Promise<Row[]> {
  const reading = async <Paths extends readonly string[]>(id: string, what: string, paths: Paths): Promise<Reading<Paths>> => ({
    id,
    what,
    paths,
    peer: { path: await keepAnswer(bare, stack.query + paths[0]), what: 'bare Fastify, the same bytes' },
  });
  const epochs = some(await jsonOf<string[]>(`${stack.query}/epochs?shape=list`));
  const moments = Array.from({ length: ASKED }, (_, i) => new Date(ISS_START + (i * ISS_DAYS * 86_400_000) / ASKED).toISOString());
  const underLoads = [
    await reading(
      'C1',
      `GET /now, ${ASKED} moments in turn`,
      moments.map((moment) => `/now?now=${moment}`),
    ),
    await reading('C1', 'GET /now, by the clock', ['/now']),
    await reading(
      'C2',
      `GET /epochs/<e>/location, ${ASKED} in turn`,
      epochs.map((epoch) => `/epochs/${epoch}/location`),
    ),
    await reading(
      'C3',
      `GET /epochs/<e>, ${ASKED} in turn`,
      epochs.map((epoch) => `/epochs/${epoch}`),
    ),
    await reading('C4', 'GET /epochs, all', ['/epochs']),
    await reading('C5', 'GET /data?limit=300, meteorites of CSV', ['/data?limit=300']),
  ];
  const whole = await reading('C6', 'GET /data, 45,716 meteorites of CSV', ['/data'] as const);
  // All is prepared by now: wrk blocks this process, and connections kept meanwhile are closed.
  const rows = underLoads.flatMap((one) => underLoad(stack, bare, one, { rounds, seconds: SECONDS }));
  return [...rows, ...(await toTheLastByte(stack, bare, whole, rounds))];
}

const some = (all: readonly string[]): string[] =>
  Array.from({ length: ASKED }, (_, i) => all[Math.floor((i * all.length) / ASKED)] as string);

/** The real files, and the table of meteorites in the forms that the course has only samples of. */
async function files(stack: Stack): Promise<SourceFile[]> {
  const landings = await jsonOf<Record<string, string>[]>(`${stack.query}/data`);
  const made = (['json', 'xml', 'yaml'] as const).map((form): SourceFile => {
    const path = join(stack.folder, `meteorites.${form}`);
    writeFileSync(path, inForm[form](form === 'yaml' ? landings.slice(0, YAML_ROWS) : landings));
    return { profile: 'meteorites', what: `meteorites, written as ${form.toUpperCase()}`, path };
  });
  return [
    { profile: 'iss', what: 'iss, XML', path: ISS },
    { profile: 'iss', what: 'iss, KVN', path: realFile('iss/ISS.OEM_J2K_EPH.2024-052.txt') },
    { profile: 'genes', what: 'genes, TSV gzipped', path: realFile('hgnc_complete_set.2024-10.txt.gz') },
    { profile: 'meteorites', what: 'meteorites, CSV', path: METEORITES },
    ...made,
    ...['csv', 'json', 'xml', 'yaml'].map((form) => ({
      profile: 'meteorites',
      what: `meteorites' sample, ${form.toUpperCase()}`,
      path: realFile(`Meteorite_Landings.${form}`),
    })),
    { profile: 'turbidity', what: 'turbidity, JSON', path: realFile('turbidity_data.json') },
    { profile: 'degrees', what: 'degrees, JSON', path: realFile('degrees.json') },
  ];
}
