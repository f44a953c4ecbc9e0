import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { AttackPlan, AttackReport } from './attackers.ts';
import { exchange } from './exchange.ts';
import { isBack, judgeRun, sharedMachineRules, strictRules } from './judge.ts';
import { WorkProcess } from './message-channel.ts';
import { printReport } from './report.ts';
import { readTarget, type Target } from './target.ts';
import { Watch } from './watch.ts';
import { WITNESS_SET, type WitnessPlan, type WitnessReport, witnessCsv } from './witnesses.ts';

const { values } = parseArgs({
  options: {
    state: { type: 'string' },
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    clients: { type: 'string', default: '20' },
    attackers: { type: 'string', default: '6' },
    only: { type: 'string', multiple: true, default: [] },
    'shared-machine': { type: 'boolean', default: false },
  },
});

/** Time before the attacks, in which the services reach the memory use of an ordinary load. */
const WARM_UP_MS = 15_000;
/** Time after the attacks until memory must be released. */
const REST_MS = 60_000;

const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const minutes = Number(values.minutes);
const rules = values['shared-machine'] ? sharedMachineRules : strictRules;
const target = readTarget(values.state as string);

console.log(`Fuzzing http://${target.host}:${target.port} for ${minutes} min, seed ${seed}`);
await loadWitnessSet(target);
const witnesses = new WorkProcess<WitnessPlan, WitnessReport>(join(import.meta.dirname, 'witnesses.ts'), {
  target,
  clients: Number(values.clients),
  everyMs: 1_000,
});
await sleep(WARM_UP_MS);
const watch = await Watch.begin(target.services);
const attackers = new WorkProcess<AttackPlan, AttackReport>(join(import.meta.dirname, 'attackers.ts'), {
  target,
  seed,
  attackers: Number(values.attackers),
  only: values.only,
});
for (let minute = 0; minute < minutes; minute++) {
  await sleep(Math.min(1, minutes - minute) * 60_000);
  if (minutes > 1)
    console.log(`${minute + 1} of ${minutes} min: ${watch.usages.map(({ name, endMb }) => `${name} ${endMb} MB`).join(', ')}`);
}
const attackReport = await attackers.stop();
await watch.settle((usage) => isBack(usage, rules), REST_MS);
await watch.sample();
const witnessReport = await witnesses.stop();
const usages = watch.stop();
const broken = judgeRun(attackReport, witnessReport, usages, rules);
printReport({ seed, attacks: attackReport, witness: witnessReport, usages, broken });
process.exit(broken.length === 0 ? 0 : 1);

async function loadWitnessSet({ host, port }: Target): Promise<void> {
  const from = { host, port, localAddress: '127.0.0.1' };
  const path = `/v1/datasets/${WITNESS_SET}?key=key`;
  const { status, text } = await exchange(from, { method: 'PUT', path, headers: { 'content-type': 'text/csv' }, body: witnessCsv() });
  if (status !== 200 && status !== 201) throw new Error(`the witness data set was not loaded: status ${status} ${text}`);
}
