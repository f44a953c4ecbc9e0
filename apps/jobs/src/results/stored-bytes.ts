import { Readable } from 'node:stream';
import { ProblemError } from '@almanac/domain';
import type { ResultPlace } from '@almanac/job-queue';
import type { ResultStore } from '@almanac/store';
import { PIECE_BYTES } from './result-body.ts';

/** Bytes of one stored result. */
export interface StoredBytes extends ResultPlace {
  name: string;
  /** the first byte */
  from: number;
  /** the last byte */
  to: number;
}

/**
 * The bytes as the body of a response: up to 256 KB in one buffer, more as a stream that reads pieces as the client takes them. The stream
 * ends with an error if the store deletes the result meanwhile.
 */
export async function bodyOf(results: Pick<ResultStore, 'readPart'>, stored: StoredBytes): Promise<Buffer | Readable> {
  const { from, to } = stored;
  if (to - from < PIECE_BYTES) return part(results, stored, from, to);
  return Readable.from(pieces(results, stored));
}

async function* pieces(results: Pick<ResultStore, 'readPart'>, stored: StoredBytes): AsyncGenerator<Buffer> {
  for (let at = stored.from; at <= stored.to; at += PIECE_BYTES)
    yield await part(results, stored, at, Math.min(stored.to, at + PIECE_BYTES - 1));
}

async function part(
  results: Pick<ResultStore, 'readPart'>,
  { jobId, token, name }: StoredBytes,
  from: number,
  to: number,
): Promise<Buffer> {
  const bytes = to < from ? Buffer.alloc(0) : await results.readPart(jobId, token, name, from, to);
  if (bytes.length !== Math.max(0, to - from + 1)) throw noLongerKept(jobId);
  return bytes;
}

export const noLongerKept = (jobId: string): ProblemError =>
  new ProblemError('gone', `The results of job ${jobId} are no longer stored. Submit the job again.`);
