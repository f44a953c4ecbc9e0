import type { JobState } from '../../src/record.ts';

/** What the model knows of a job: what a record says, without the times. */
export interface ModelJob {
  id: string;
  state: JobState;
  token: string;
  attempts: number;
  crashes: number;
  /** as the store says, once it has said so: two calls may fall into the same millisecond of its clock */
  created: number;
  hash: string | undefined;
  of: string | undefined;
  note: string;
  /** outcomes of past attempts */
  past: string[];
  isBegun: boolean;
}

export interface ModelWorker {
  /** undefined once it is forgotten */
  beat: number | 'x' | undefined;
  inbox: string[];
  held: Set<string>;
  wishes: Set<string>;
}

export interface End {
  id: string;
  token: string;
  outcome: 's' | 'f' | 'c' | 'r' | 'k' | 'w';
}

/** Outcomes after which a job is tried again. */
export const isAgain = (outcome: End['outcome']): outcome is 'r' | 'k' | 'w' => 'rkw'.includes(outcome);

/** Few, so that it is reached often. */
export const MOST_CRASHES = 1;
const isOpen = ({ state }: ModelJob) => ['queued', 'delayed', 'active'].includes(state);
const isOver = (job: ModelJob) => ['complete', 'failed', 'cancelled'].includes(job.state);

/** The queue as it is meant, in memory: what each script does to it, said as plainly as possible. */
export class ModelQueue {
  readonly jobs = new Map<string, ModelJob>();
  list: string[] = [];
  /** ids that wait for their time, and when it has come: in what order */
  readonly delayed = new Map<string, number>();
  readonly workers = new Map<string, ModelWorker>();
  readonly followers = new Map<string, Set<string>>();
  readonly holders = new Map<string, string>();
  /** every token that was given out, with its job: also those that are worth nothing any more */
  readonly given: { id: string; token: string }[] = [];
  isPaused = false;
  lost = 0;
  /** the next number of a cycle, or of anything that must be new */
  seq = 0;

  isFenced(worker: string): boolean {
    return typeof this.workers.get(worker)?.beat !== 'number';
  }

  worker(name: string): ModelWorker {
    return this.workers.get(name) as ModelWorker;
  }

  register(name: string): void {
    this.workers.set(name, { beat: 1, inbox: [], held: new Set(), wishes: new Set() });
  }

  enqueue(jobs: readonly { id: string; hash: string; isDelayed: boolean }[], isUrgent: boolean): string[] {
    return jobs.map(({ id, hash, isDelayed }) => {
      if (this.jobs.has(id)) return 'known';
      const holder = hash === '' ? undefined : this.jobs.get(this.holders.get(hash) ?? '');
      const job: ModelJob = {
        id,
        state: 'queued',
        token: '',
        attempts: 0,
        crashes: 0,
        created: 0,
        hash: hash || undefined,
        of: undefined,
        note: '',
        past: [],
        isBegun: false,
      };
      this.jobs.set(id, job);
      if (holder !== undefined && isOpen(holder)) this.#follow(job, holder.id);
      else if (holder?.state === 'complete')
        Object.assign(job, { state: 'complete', of: holder.id, token: holder.token, note: holder.note });
      else {
        if (hash !== '') this.holders.set(hash, id);
        if (isDelayed) this.#delay(job);
        else if (isUrgent) this.list.unshift(id);
        else this.list.push(id);
        return 'new';
      }
      return 'joined';
    });
  }

  #follow(job: ModelJob, holder: string): void {
    job.state = 'joined';
    job.of = holder;
    this.followers.set(holder, (this.followers.get(holder) ?? new Set()).add(job.id));
  }

  #delay(job: ModelJob): void {
    job.state = 'delayed';
    this.delayed.set(job.id, Number.POSITIVE_INFINITY);
  }

  /** Answers the ends that were stale. */
  end(worker: string, ends: readonly End[], note: string): string[] {
    const stale = ends.filter(({ id, token }) => this.jobs.get(id)?.token !== token);
    const mine = ends.filter((end) => !stale.includes(end)).map((end) => ({ ...end, job: this.jobs.get(end.id) as ModelJob }));
    const really = mine.filter(({ job }) => job.state === 'active');
    for (const end of really) {
      const { held, wishes } = this.worker(worker);
      const isWished = wishes.has(end.id);
      held.delete(end.id);
      wishes.delete(end.id);
      const isGivenUp = isAgain(end.outcome) && isWished;
      if (isGivenUp) end.outcome = 'c';
      if (isAgain(end.outcome)) {
        if (end.outcome !== 'w') end.job.past.push(end.outcome === 'k' ? 'lost' : 'failed');
        if (end.outcome === 'w') end.job.attempts--;
        if (end.outcome === 'k') end.job.crashes++;
        end.job.note = end.outcome === 'w' ? 'why' : '';
        end.job.isBegun = false;
        this.#delay(end.job);
      } else {
        end.job.state = ({ s: 'complete', f: 'failed', c: 'cancelled' } as const)[end.outcome];
        end.job.note = isGivenUp ? '' : note;
      }
    }
    return stale.map(({ id }) => id);
  }

  /** What follows from a job's end, for its content and for those that follow it. */
  conclude(job: ModelJob): void {
    if (job.state !== 'complete') this.release(job);
    const followers = this.followersOf(job.id);
    this.followers.delete(job.id);
    if (job.state === 'cancelled') this.#passOn(followers);
    else for (const follower of followers) Object.assign(follower, { state: job.state, token: job.token, note: job.note });
  }

  #passOn([heir, ...others]: ModelJob[]): void {
    if (heir === undefined) return;
    Object.assign(heir, { state: 'queued', of: undefined });
    this.holders.set(heir.hash as string, heir.id);
    this.list.unshift(heir.id);
    for (const other of others) this.#follow(other, heir.id);
  }

  followersOf(id: string): ModelJob[] {
    const all = [...(this.followers.get(id) ?? [])].map((follower) => this.jobs.get(follower) as ModelJob);
    return all.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
  }

  release({ id, hash }: ModelJob): void {
    if (hash !== undefined && this.holders.get(hash) === id) this.holders.delete(hash);
  }

  giveBackInbox(name: string): number {
    const inbox = this.workers.get(name)?.inbox.splice(0) ?? [];
    this.list.unshift(...inbox);
    return inbox.length;
  }

  /** Takes up to n elements, the inbox's first. */
  take(name: string, n: number): string[] {
    const elements = this.worker(name).inbox.splice(0, n);
    return [...elements, ...this.list.splice(0, n - elements.length)];
  }

  /** Begins the jobs that elements name. Answers which began. */
  start(name: string, elements: readonly string[], token: string): string[] {
    const { held } = this.worker(name);
    const begun: string[] = [];
    for (const id of elements) {
      const job = this.jobs.get(id);
      if (job === undefined) this.lost++;
      else if (job.state === 'queued') {
        this.begin(job, held, token);
        begun.push(id);
      }
    }
    return begun;
  }

  begin(job: ModelJob, held: Set<string>, token: string): void {
    Object.assign(job, { state: 'active', token, attempts: job.attempts + 1, isBegun: true });
    held.add(job.id);
    this.given.push({ id: job.id, token });
  }

  reap(name: string, beat: string, how: string): number {
    const worker = this.workers.get(name);
    if (worker?.beat === undefined || (beat !== '' && beat !== String(worker.beat))) return -1;
    let back = this.giveBackInbox(name);
    const held = [...worker.held]
      .map((id) => this.jobs.get(id) as ModelJob)
      .sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
    for (const job of held) {
      job.past.push(how);
      if (how === 'lost') job.crashes++;
      const isPoison = job.crashes > MOST_CRASHES;
      Object.assign(job, { state: isPoison ? 'failed' : 'queued', note: isPoison ? `poison ${job.crashes}` : '', token: '' });
      if (worker.wishes.has(job.id)) Object.assign(job, { state: 'cancelled', note: '' });
      if (job.state === 'queued') {
        job.isBegun = false;
        this.list.unshift(job.id);
        back++;
      } else this.conclude(job);
    }
    worker.held.clear();
    worker.wishes.clear();
    worker.beat = worker.beat === 'x' ? undefined : 'x';
    return back;
  }

  cancel(id: string): JobState | undefined {
    const job = this.jobs.get(id);
    if (job === undefined || isOver(job)) return job?.state;
    if (job.state === 'active') {
      this.worker(job.token.split(':')[0] as string).wishes.add(id);
      return 'active';
    }
    const isFollower = job.state === 'joined';
    if (isFollower) this.unfollow(job);
    this.delayed.delete(id);
    if (job.state === 'queued') this.list = this.list.filter((other) => other !== id);
    job.state = 'cancelled';
    if (!isFollower) this.conclude(job);
    return 'cancelled';
  }

  unfollow(job: ModelJob): void {
    const all = this.followers.get(job.of as string);
    all?.delete(job.id);
    if (all?.size === 0) this.followers.delete(job.of as string);
  }

  promote(): void {
    const due = [...this.delayed].filter(([, order]) => Number.isFinite(order)).sort(([, a], [, b]) => a - b);
    for (const [id] of due) {
      (this.jobs.get(id) as ModelJob).state = 'queued';
      this.delayed.delete(id);
      this.list.push(id);
    }
  }

  revive(ids: readonly string[]): string[] {
    return ids.filter((id) => {
      const job = this.jobs.get(id);
      if (job === undefined || !['failed', 'cancelled'].includes(job.state)) return false;
      if (job.isBegun && job.token !== '') job.past.push(job.state);
      Object.assign(job, { state: 'queued', token: '', attempts: 0, crashes: 0, note: '', of: undefined, isBegun: false });
      const holder = job.hash === undefined ? undefined : this.jobs.get(this.holders.get(job.hash) ?? '');
      if (holder !== undefined && holder !== job && isOpen(holder)) this.#follow(job, holder.id);
      else {
        if (job.hash !== undefined) this.holders.set(job.hash, id);
        this.list.push(id);
      }
      return true;
    });
  }

  /** Forgets a job, and what it answers for. */
  forget(job: ModelJob): void {
    this.release(job);
    if (job.state === 'joined') this.unfollow(job);
    this.delayed.delete(job.id);
    this.followers.delete(job.id);
    this.jobs.delete(job.id);
  }

  trim(): number {
    const over = [...this.jobs.values()].filter(isOver);
    for (const job of over) this.forget(job);
    return over.length;
  }

  /** Forgets what no worker has; a job in an inbox is as good as taken. */
  clear(): number {
    const free = [...this.jobs.values()].filter((job) => job.state !== 'active' && (job.state !== 'queued' || this.list.includes(job.id)));
    for (const job of free) {
      this.list = this.list.filter((id) => id !== job.id);
      this.forget(job);
    }
    return free.length;
  }

  /** Whether an ended job lies somewhere still: it was cancelled in an inbox, and who takes it drops it. */
  isTombstone(id: string): boolean {
    return (
      this.jobs.get(id)?.state === 'cancelled' && [this.list, ...[...this.workers.values()].map(({ inbox }) => inbox)].flat().includes(id)
    );
  }

  get hasTombstones(): boolean {
    return [...this.jobs.keys()].some((id) => this.isTombstone(id));
  }
}
