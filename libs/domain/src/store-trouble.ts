import { ProblemError, storeUnavailable } from './problem.ts';

/** A condition of the store that makes valid requests fail, in the order in which error texts are compared. */
export type StoreTrouble = 'full' | 'busy' | 'loading' | 'replica' | 'too-few-replicas' | 'disk' | 'denied' | 'away';

/**
 * The error texts of Redis, Valkey, ioredis and Node that do not depend on the request: the same request succeeds once the trouble is over.
 * This is the only list. Redis' own words are anchored, since `BUSYGROUP` or a `LOADING` inside a text mean something else.
 */
const texts: Readonly<Record<StoreTrouble, RegExp>> = {
  full: /^OOM /,
  busy: /^BUSY |Script killed by user/,
  loading: /^LOADING /,
  replica: /^READONLY |WAIT cannot be used with replica/,
  'too-few-replicas': /^NOREPLICAS /,
  disk: /^MISCONF /,
  // The access rules (users.acl) are of another version of Almanac.
  denied: /^(?:NOPERM|NOAUTH|WRONGPASS) /,
  away: new RegExp(
    [
      '^(?:MASTERDOWN|CLUSTERDOWN|TRYAGAIN|UNBLOCKED) ',
      'max number of clients',
      // of ioredis and of libs/queue
      '^the reply was lost',
      "Stream isn't writeable",
      'Connection is closed',
      'Command aborted due to connection close',
      'max retries per request',
      'Command timed out',
      // of Node; a missing file is ENOENT too, but not of `connect`
      'connect ENOENT|ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN',
    ].join('|'),
  ),
};

/** The error of a command inside a script, before Redis 7: `ERR Error running script (call to f_…): @user_script:1: -OOM …`. */
const inScript = /^ERR Error running script .*?: -?(?=[A-Z]+ )/s;
/** The error of a transaction when it is executed. The error of a command that was refused when it was queued is in `previousErrors`. */
const inTransaction = /^EXECABORT Transaction discarded because of: /;

/** The trouble that an error text reports; undefined for any other error. */
export function troubleIn(message: string): StoreTrouble | undefined {
  const plain = message.replace(inScript, '').replace(inTransaction, '');
  return (Object.keys(texts) as StoreTrouble[]).find((trouble) => texts[trouble].test(plain));
}

/** The trouble that a thrown error reports, itself or as one of the errors of a transaction. */
export function storeTroubleOf(error: unknown): StoreTrouble | undefined {
  if (!(error instanceof Error) || error instanceof ProblemError) return undefined;
  const { previousErrors = [] } = error as { previousErrors?: readonly unknown[] };
  return [error, ...previousErrors].map((one) => (one instanceof Error ? troubleIn(one.message) : undefined)).find((t) => t !== undefined);
}

const refuses = (why: string) => `The store refuses writes: ${why}.`;
const details: Readonly<Record<Exclude<StoreTrouble, 'away' | 'full'>, readonly [detail: string, retryAfterSeconds: number]>> = {
  busy: ['The store is running a script and serves no other command until it ends.', 1],
  loading: ['The store is loading its data from disk.', 2],
  replica: [refuses('it is a replica'), 2],
  'too-few-replicas': [refuses('too few replicas are connected to it'), 5],
  disk: [refuses('it cannot write to its disk'), 5],
  denied: ['The store denies this service a command; its access rules (users.acl) do not match this version of Almanac.', 10],
};

/** The problem for a trouble: 507 if the store is full, else 503 with Retry-After. */
export function storeProblem(trouble: StoreTrouble, cause?: unknown): ProblemError {
  if (trouble === 'full')
    return new ProblemError('store-full', 'The store is full: it reached its maxmemory. Delete data sets or raise maxmemory.', {
      cause,
    });
  if (trouble === 'away') return storeUnavailable(cause);
  const [detail, seconds] = details[trouble];
  return new ProblemError('store-unavailable', `${detail} Nothing was changed by this request. Retry shortly.`, {
    headers: { 'retry-after': String(seconds) },
    cause,
  });
}
