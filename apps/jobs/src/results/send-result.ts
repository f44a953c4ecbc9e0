import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Job, ProblemError, unknownResult } from '@almanac/domain';
import type { ResultPlace } from '@almanac/job-queue';
import { type ByteRange, byteRange, entityTags, isRangeCurrent } from '@almanac/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import type { CompleteJob } from './complete-job.ts';
import { bodyOf, noLongerKept } from './stored-bytes.ts';

/**
 * Sends one result of a complete job. Its bytes never change, so clients may cache them forever and fetch parts of them (If-None-Match,
 * Range and If-Range of RFC 9110). Throws 'unknown-result', or 'gone' if the store no longer has it.
 */
export async function sendResult(
  results: Context['results'],
  { job, place }: CompleteJob,
  name: string,
  request: FastifyRequest,
  reply: FastifyReply,
  isDownload = false,
): Promise<FastifyReply> {
  const link = Object.hasOwn(job.results, name) ? job.results[name] : undefined;
  if (link === undefined) throw unknownResult(name, Object.keys(job.results));
  const { headers, method } = request;
  const etag = etagOf(place, name);
  reply.headers({ etag, 'cache-control': 'public, max-age=31536000, immutable', 'accept-ranges': 'bytes' });
  const tags = entityTags(headers['if-none-match']);
  if (tags.includes(etag)) return reply.code(304).send();
  const stored = await results.about(place.jobId, place.token, name);
  if (stored === undefined) throw noLongerKept(job.id);
  // `*` matches any result (RFC 9110, 13.1.2), but only while the store has one.
  if (tags.includes('*')) return reply.code(304).send();
  const { first, last } = selectBytes(request, reply, etag, stored.bytes);
  reply.header('content-length', last - first + 1).headers({ ...SAFE, ...fileHeaders(job, name, isDownload) });
  if (stored.sha256 !== undefined) reply.header('repr-digest', `sha-256=:${stored.sha256}:`);
  reply.type(link.type);
  // HEAD reports the length of the whole result without reading it.
  if (method === 'HEAD') return reply.send(Readable.from([]));
  return reply.send(await bodyOf(results, { ...place, name, from: first, to: last }));
}

/** A browser must not run a result, whatever is in it. */
const SAFE = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; sandbox",
};

const etagOf = ({ jobId, token }: ResultPlace, name: string): string => {
  const hash = createHash('sha256').update(`${jobId} ${token} ${name}`).digest('hex');
  return `"${hash.slice(0, 32)}"`;
};

/** The bytes that the request selects; writes the status and the header of a partial response. Throws if none of them exist. */
function selectBytes({ headers, method }: FastifyRequest, reply: FastifyReply, etag: string, bytes: number): ByteRange {
  const range = isRangeCurrent(headers['if-range'], etag) && method !== 'HEAD' ? byteRange(headers.range, bytes) : undefined;
  if (range === 'unsatisfiable') throw unsatisfiable(headers.range, bytes);
  if (range === undefined) return { first: 0, last: bytes - 1 };
  reply.code(206).header('content-range', `bytes ${range.first}-${range.last}/${bytes}`);
  return range;
}

const unsatisfiable = (range: string | undefined, bytes: number) =>
  new ProblemError('range-not-satisfiable', `The result has ${bytes} bytes; Range: ${range} selects none of them.`, {
    headers: { 'content-range': `bytes */${bytes}` },
  });

/** Names the file that a browser saves, e.g. meteorites-histogram-8e03978e.png. */
function fileHeaders({ id, dataset, inputs, process }: Job, name: string, isDownload: boolean): { 'content-disposition': string } {
  const kind = typeof inputs.type === 'string' ? inputs.type : process;
  const fileName = `${dataset.id}-${kind}-${id.slice(0, 8)}.${name}`.replace(/[^\w.-]/g, '_');
  return { 'content-disposition': `${isDownload ? 'attachment' : 'inline'}; filename="${fileName}"` };
}
