import { createHash } from 'node:crypto';
import { type Job, ProblemError, unknownJob, unknownResult } from '@almanac/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { byteRange } from './byte-range.ts';
import type { Context } from './context.ts';

/**
 * Sends one result of a complete job: its bytes, which never change, so they may be cached for ever and fetched in parts (If-None-Match,
 * Range and If-Range of RFC 9110). Throws 'unknown-result' and, once the store has let go of it, 'gone'.
 */
export async function sendResult(
  { jobs, results }: Pick<Context, 'jobs' | 'results'>,
  job: Job,
  name: string,
  { headers }: FastifyRequest,
  reply: FastifyReply,
  isDownload: boolean,
): Promise<FastifyReply> {
  const link = Object.hasOwn(job.results, name) ? job.results[name] : undefined;
  if (link === undefined) throw unknownResult(name, Object.keys(job.results));
  const place = await jobs.resultPlace(job.id);
  if (place === undefined) throw unknownJob(job.id);
  const etag = `"${hex(`${place.jobId} ${place.token} ${name}`).slice(0, 32)}"`;
  reply.headers({ etag, 'cache-control': 'public, max-age=31536000, immutable', 'accept-ranges': 'bytes' });
  const tags = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (tags.includes(etag)) return reply.code(304).send();
  const bytes = await results.read(place.jobId, place.token, name);
  if (bytes === undefined) {
    throw new ProblemError('gone', `The results of job ${job.id} are no longer kept. Submit it again to have them made anew.`);
  }
  // Any result will do (RFC 9110, 13.1.2), but only while there is one.
  if (tags.includes('*')) return reply.code(304).send();
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
  const range = isSame ? byteRange(headers.range, bytes.length) : undefined;
  if (range === 'unsatisfiable') {
    throw new ProblemError(
      'range-not-satisfiable',
      `The result has ${bytes.length} bytes; Range: ${headers.range} asks for none of them.`,
      {
        headers: { 'content-range': `bytes */${bytes.length}` },
      },
    );
  }
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${range.from}-${range.to}/${bytes.length}`);
  return reply
    .headers({
      'content-disposition': `${isDownload ? 'attachment' : 'inline'}; filename="${fileName(job, name)}"`,
      'repr-digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
      // A result is a picture or numbers, whatever a browser might make of it.
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; sandbox",
    })
    .type(link.type)
    .send(range === undefined ? bytes : bytes.subarray(range.from, range.to + 1));
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** e.g. meteorites-histogram-8e03978e.png */
function fileName({ id, dataset, inputs, process }: Job, name: string): string {
  const kind = typeof inputs.type === 'string' ? inputs.type : process;
  return `${dataset.id}-${kind}-${id.slice(0, 8)}.${name}`.replace(/[^\w.-]/g, '_');
}
