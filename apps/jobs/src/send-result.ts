import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Job, ProblemError, unknownJob, unknownResult } from '@almanac/domain';
import { byteRange, entityTags, isRangeCurrent } from '@almanac/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from './context.ts';
import { bodyOf, noLongerKept } from './stored-bytes.ts';

/**
 * Sends one result of a complete job: its bytes, which never change, so they may be cached for ever and fetched in parts (If-None-Match,
 * Range and If-Range of RFC 9110). Throws 'unknown-result' and, once the store has let go of it, 'gone'.
 */
export async function sendResult(
  { jobs, results }: Pick<Context, 'jobs' | 'results'>,
  job: Job,
  name: string,
  { headers, method }: FastifyRequest,
  reply: FastifyReply,
  isDownload: boolean,
): Promise<FastifyReply> {
  const link = Object.hasOwn(job.results, name) ? job.results[name] : undefined;
  if (link === undefined) throw unknownResult(name, Object.keys(job.results));
  const place = await jobs.resultPlace(job.id);
  if (place === undefined) throw unknownJob(job.id);
  const etag = `"${hex(`${place.jobId} ${place.token} ${name}`).slice(0, 32)}"`;
  reply.headers({ etag, 'cache-control': 'public, max-age=31536000, immutable', 'accept-ranges': 'bytes' });
  const tags = entityTags(headers['if-none-match']);
  if (tags.includes(etag)) return reply.code(304).send();
  const stored = await results.about(place.jobId, place.token, name);
  if (stored === undefined) throw noLongerKept(job.id);
  // Any result will do (RFC 9110, 13.1.2), but only while there is one.
  if (tags.includes('*')) return reply.code(304).send();
  const isCurrent = isRangeCurrent(headers['if-range'], etag);
  const range = isCurrent && method !== 'HEAD' ? byteRange(headers.range, stored.bytes) : undefined;
  if (range === 'unsatisfiable') throw unsatisfiable(headers.range, stored.bytes);
  const { first: from, last: to } = range ?? { first: 0, last: stored.bytes - 1 };
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${from}-${to}/${stored.bytes}`);
  reply
    .headers({
      'content-length': to - from + 1,
      'content-disposition': `${isDownload ? 'attachment' : 'inline'}; filename="${fileName(job, name)}"`,
      ...(stored.sha256 === undefined ? {} : { 'repr-digest': `sha-256=:${stored.sha256}:` }),
      // A result is a picture or numbers, whatever a browser might make of it.
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; sandbox",
    })
    .type(link.type);
  // An answer to HEAD has the length of the whole, and reads nothing.
  if (method === 'HEAD') return reply.send(Readable.from([]));
  return reply.send(await bodyOf(results, { ...place, name, from, to }));
}

const unsatisfiable = (range: string | undefined, bytes: number) =>
  new ProblemError('range-not-satisfiable', `The result has ${bytes} bytes; Range: ${range} asks for none of them.`, {
    headers: { 'content-range': `bytes */${bytes}` },
  });

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** e.g. meteorites-histogram-8e03978e.png */
function fileName({ id, dataset, inputs, process }: Job, name: string): string {
  const kind = typeof inputs.type === 'string' ? inputs.type : process;
  return `${dataset.id}-${kind}-${id.slice(0, 8)}.${name}`.replace(/[^\w.-]/g, '_');
}
