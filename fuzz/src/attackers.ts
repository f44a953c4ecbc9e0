import { Random } from '@almanac/testkit';
import { type Attack, Attacker, type Violation } from './attack.ts';
import { attacks } from './attacks/registry.ts';
import { messageChannel } from './message-channel.ts';
import type { Target } from './target.ts';

/** What the process of the attackers is started with. */
export interface AttackPlan {
  target: Target;
  seed: number;
  /** attacks that run side by side */
  attackers: number;
  /** parts of attack names; empty: all of them */
  only: readonly string[];
}

/** What the attackers saw. */
export interface AttackReport {
  /** attack name → how often it ran */
  runs: Record<string, number>;
  /** status code, `timeout` or `closed` → count */
  statuses: Record<string, number>;
  violations: Violation[];
}

/** Violations that are kept in full; a run that breaks a rule breaks it often. */
const KEPT = 100;

/** Attacks until it is stopped. Each attacker has its own loopback address, so the gateway sees it as a client of its own. */
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
      await run(new Attacker(name, random.fork(), { host, port, localAddress }, this.#tell));
      await new Promise((resolve) => setTimeout(resolve, random.integer(20, 200)));
    }
  }

  readonly #tell = {
    report: (violation: Violation) => {
      if (this.#report.violations.length < KEPT) this.#report.violations.push(violation);
    },
    count: (status: number | string) => {
      this.#report.statuses[status] = (this.#report.statuses[status] ?? 0) + 1;
    },
    isOver: () => this.#isOver,
  };
}

/** The attacks to draw from, each as often as its weight says. */
function chooseAttacks(only: readonly string[]): readonly Attack[] {
  const wanted = attacks.filter(({ name, section }) => only.length === 0 || only.some((part) => name.includes(part) || section === part));
  return wanted.flatMap((attack) => Array.from({ length: attack.weight ?? 1 }, () => attack));
}

// As a process of its own: what it computes must not stop the clock of the witnesses.
if (import.meta.main) messageChannel((plan: AttackPlan) => new Attackers(plan));
