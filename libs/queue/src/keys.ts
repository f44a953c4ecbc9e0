/** All keys of one queue. A HotQueue client knows only the list. The tag puts the other keys into the same cluster slot. */
export interface QueueKeys {
  /** LIST: ready jobs as JSON-quoted ids, head first */
  list: string;
  /** prefix of every key but the list */
  tag: string;
  /** STRING: one job's record */
  record: (id: string) => string;
  /** LIST: elements that BLMOVE moved for one worker, not started yet */
  inbox: (worker: string) => string;
  /** SET: ids one worker holds */
  held: (worker: string) => string;
  /** HASH: worker -> beat counter, or 'x' = declared dead */
  workers: string;
  /** ZSET: every id by time of creation (milliseconds) */
  all: string;
  /** ZSET: delayed jobs by the time they are due (milliseconds since 1970, the server's clock) */
  delayed: string;
  /** STRING: exists while the queue is paused */
  paused: string;
  /** SET: jobs of one worker that were cancelled */
  cancelled: (worker: string) => string;
  /** SET: jobs that wait for another's outcome */
  followers: (id: string) => string;
  /** STRING: id of the job that holds a content hash */
  content: (hash: string) => string;
  /** STRING: the value that an idempotency key was first used with */
  idempotency: (hash: string) => string;
  /** channel: ids of changed records, separated by blanks. A hint */
  changes: string;
  /** channel: messages to the workers, 'cancel <id>' or 'resume'. Hints */
  control: string;
  /** STRING: exists until the next audit is due */
  audited: string;
  /** LIST: elements that were no jobs, with their bytes */
  lost: string;
  /** STRING, expires at once: written before WAIT or WAITAOF, which then cover all earlier writes */
  touched: string;
}

/** Returns the keys of the queue `name`. Throws RangeError for a name with braces: they would move the keys to another cluster slot. */
export function queueKeys(name: string): QueueKeys {
  if (name === '' || /[{}]/.test(name)) throw new RangeError(`queue name: '${name}' must not be empty, nor contain { or }`);
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
