import { ProblemError, type ProblemType } from '@almanac/domain';
import type { Profile } from '@almanac/profiles';
import { markedAsLoading } from '@almanac/store';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { type LoadOutcome, loadStream } from '../load/load-body.ts';
import { nameOfSource, openSource, reasonOf, sourceFailed } from './open-source.ts';
import { sourceOf } from './sources.ts';

/** Problems of what a source sent: not the caller's fault, so they become a bad-gateway. */
const faults = new Set<ProblemType>([
  'malformed-data',
  'empty-data',
  'unsupported-media-type',
  'body-too-large',
  'request-timeout',
  'bad-request',
]);

export interface SourceLoad {
  dataset: string;
  profile: Profile;
  onlyFirst?: boolean;
  /** aborts the load at any stage */
  signal?: AbortSignal;
}

/** Loads a profile's source as a data set. Readers who find no data set meanwhile wait for it. Throws bad-gateway if the source fails. */
export function loadSource(
  app: FastifyInstance,
  log: FastifyBaseLogger,
  context: Context,
  { dataset, profile, onlyFirst, signal }: SourceLoad,
): Promise<LoadOutcome> {
  const source = sourceOf(profile, context.sources);
  const name = nameOfSource(source);
  return markedAsLoading(context.redis, dataset, async () => {
    const { body, filename, bytes } = await openSource(source, signal);
    let broken: unknown;
    body.once('error', (error) => {
      broken = error;
    });
    const giveUp = () => void body.destroy();
    signal?.addEventListener('abort', giveUp);
    try {
      // No Content-Type: those of servers are unreliable, the first bytes are not.
      return await loadStream(app, log, context, { body, bytes }, { dataset, title: profile.title, filename, onlyFirst });
    } catch (error) {
      if (broken !== undefined) throw sourceFailed(name, `it broke off: ${reasonOf(broken, source)}`, broken);
      if (error instanceof ProblemError && faults.has(error.type)) throw sourceFailed(name, error.message, error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
      body.destroy();
    }
  });
}
