import { Random } from '@almanac/testkit';
import { type Attack, Attacker, type Violation } from './attack.ts';
import { attacks } from './attacks/registry.ts';
import { messageChannel } from './message-channel.ts';
import type { Target } from './target.ts';

/** The input of the attacker process. */
export interface AttackPlan {
  target: Target;
  seed: number;
  /** attacks that run in parallel */
  attackers: number;
  /** parts of attack names, or sections; empty: all attacks */
  only: readonly string[];
}

/** The results of the attackers. */
export interface AttackReport {
  /** attack name → how often it ran */
  runs: Record<string, number>;
  /** status code, `timeout` or `closed` → count */
  statuses: Record<string, number>;
  violations: Violation[];
}

/** How many violations are kept: a broken rule is usually broken often. */
const KEPT = 100;

/** Attacks until it is stopped. Each attacker has its own loopback address, so the gateway treats it as a separate client. */
export class Attackers {
  readonly #report: AttackReport = { runs: {}, statuses: {}, violations: [] };
  readonly #running: Promise<void>[];
  #isOver = false;

  constructor(plan: AttackPlan) {
    const random = new Random(plan.seed);
    const chosen = chooseAttacks(plan.only);
    this.#running = Array.from({ length: plan.attackers }, (_, i) => this.#attack(plan.target, chosen, random.fork(), `127.0.2.${i + 1}`));
  }

  async stop(): Promise<AttackReport> {
    this.#isOver = true;
    await Promise.all(this.#running);
    return this.#report;
  }

  async #attack({ host, port }: Target, chosen: readonly Attack[], random: Random, localAddress: string): Promise<void> {
    while (!this.#isOver) {
      const { name, run } = random.pick(chosen);
      this.#report.runs[name] = (this.#report.runs[name] ?? 0) + 1;
      await run(new Attacker(name, random.fork(), { host, port, localAddress }, this.#sink));
      await new Promise((resolve) => setTimeout(resolve, random.integer(20, 200)));
    }
  }

  readonly #sink = {
    report: (violation: Violation) => {
      if (this.#report.violations.length < KEPT) this.#report.violations.push(violation);
    },
    count: (status: number | string) => {
      this.#report.statuses[status] = (this.#report.statuses[status] ?? 0) + 1;
    },
    isOver: () => this.#isOver,
  };
}

/** Returns the attacks to choose from, each repeated by its weight. */
function chooseAttacks(only: readonly string[]): readonly Attack[] {
  const wanted = attacks.filter(({ name, section }) => only.length === 0 || only.some((part) => name.includes(part) || section === part));
  return wanted.flatMap((attack) => Array.from({ length: attack.weight ?? 1 }, () => attack));
}

// Runs in its own process, so that its work does not delay the witnesses.
if (import.meta.main) messageChannel((plan: AttackPlan) => new Attackers(plan));
