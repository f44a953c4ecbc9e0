/** Every key of one queue, in one place. The list is what a HotQueue client knows; the rest shares its cluster slot by the tag. */
export interface QueueKeys {
  /** LIST: ready jobs as JSON-quoted ids, head first */
  list: string;
  /** prefix of every key but the list */
  tag: string;
  /** STRING: one job's record */
  record: (id: string) => string;
  /** LIST: what BLMOVE moved for one worker and it has not started */
  inbox: (worker: string) => string;
  /** SET: ids one worker holds */
  held: (worker: string) => string;
  /** HASH: worker -> beat counter, or 'x' = declared dead */
  workers: string;
  /** ZSET: every id by time of creation (milliseconds) */
  all: string;
  /** ZSET: jobs that wait for their time (milliseconds since 1970, the server's clock) */
  delayed: string;
  /** STRING: there while nothing is to be started */
  paused: string;
  /** SET: jobs of one worker that somebody cancelled */
  cancelled: (worker: string) => string;
  /** SET: jobs that wait for another's outcome */
  followers: (id: string) => string;
  /** STRING: id of the job that holds a content hash */
  content: (hash: string) => string;
  /** STRING: what a client's idempotency key stands for */
  idempotency: (hash: string) => string;
  /** channel: ids whose records changed, between blanks. A hint */
  changes: string;
  /** channel: words to the workers, 'cancel <id>' or 'resume'. Hints */
  control: string;
  /** STRING: there until the next audit is due */
  audited: string;
  /** LIST: elements that were no jobs of ours, with their bytes */
  lost: string;
  /** STRING, gone at once: written by who then waits until all before it is safe */
  touched: string;
}

/** Keys of the queue `name`. Throws RangeError for a name with braces: they would move the keys to another cluster slot. */
export function queueKeys(name: string): QueueKeys {
  if (name === '' || /[{}]/.test(name)) throw new RangeError(`'${name}' is not a queue name: it must not be empty nor hold { or }`);
  const list = `hotqueue:${name}`;
  const tag = `{${list}}`;
  return {
    list,
    tag,
    record: (id) => `${tag}:j:${id}`,
    inbox: (worker) => `${tag}:in:${worker}`,
    held: (worker) => `${tag}:w:${worker}`,
    workers: `${tag}:wk`,
    all: `${tag}:all`,
    delayed: `${tag}:d`,
    paused: `${tag}:paused`,
    cancelled: (worker) => `${tag}:cx:${worker}`,
    followers: (id) => `${tag}:of:${id}`,
    content: (hash) => `${tag}:dd:${hash}`,
    idempotency: (hash) => `${tag}:ik:${hash}`,
    changes: `${tag}:ev`,
    control: `${tag}:ctl`,
    audited: `${tag}:audited`,
    lost: `${tag}:lost`,
    touched: `${tag}:touched`,
  };
}
