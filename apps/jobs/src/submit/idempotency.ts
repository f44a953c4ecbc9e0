import { createHash } from 'node:crypto';
import { invalidParameter, ProblemError } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { canonicalJson } from '@almanac/processes';

const DAY_MS = 86_400_000;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The id of the job that an Idempotency-Key stands for (draft-ietf-httpapi-idempotency-key-header-07): `id` if the key is new, else the id
 * of its first use within a day. Throws if the first use had another body. The key may have quotes.
 */
export async function idFor(jobs: JobQueue, key: string, body: unknown, id: string): Promise<string> {
  const text = /^"(.*)"$/.exec(key.trim())?.[1] ?? key.trim();
  if (text === '' || text.length > 255) throw invalidParameter('Idempotency-Key', key, 'must have 1 to 255 characters');
  const fingerprint = hash(canonicalJson(body));
  const [first, fingerprintThen] = (await jobs.firstUse(hash(text), `${id} ${fingerprint}`, DAY_MS)).split(' ') as [string, string];
  if (fingerprintThen === fingerprint) return first;
  throw new ProblemError('key-reused', `Idempotency-Key '${text}' was used for another job (${first}). Use a new key for a new job.`);
}
