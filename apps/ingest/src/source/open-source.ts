import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { getSystemErrorMessage } from 'node:util';
import { ProblemError } from '@almanac/domain';
import type { Source } from '@almanac/profiles';

/** Time within which a response must begin. */
const RESPONSE_MS = 30_000;

export interface OpenedSource {
  body: Readable;
  filename: string | undefined;
  bytes: number | undefined;
}

/** The problem of a source that cannot be read, as clients of the course see it. */
export const sourceFailed = (name: string, why: string, cause?: unknown) =>
  new ProblemError('bad-gateway', `The data could not be read from ${name}: ${why} What was loaded before stays as it is.`, { cause });

/** The name of a source in messages, which every client may see: without a URL's query or password, and without a file's folder. */
export function nameOfSource(source: Source): string {
  if (!('url' in source)) return 'the profile itself';
  if (!isAddress(source.url)) return basename(source.url);
  if (!URL.canParse(source.url)) return 'an invalid URL';
  const { origin, pathname } = new URL(source.url);
  return origin + pathname;
}

const isAddress = (url: string): boolean => /^https?:/.test(url);

/**
 * Opens the source of a profile: a URL, a file, or records that the profile makes. URLs come from the operator, never from a caller, so
 * private networks are allowed. Throws bad-gateway.
 */
export async function openSource(source: Source, signal?: AbortSignal): Promise<OpenedSource> {
  if (!('url' in source)) return made(source.records());
  const name = nameOfSource(source);
  try {
    return isAddress(source.url) ? await openAddress(source.url, name, signal) : await openFile(source.url, name);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw sourceFailed(name, reasonOf(error, source), error);
  }
}

function made(records: readonly unknown[]): OpenedSource {
  const text = Buffer.from(JSON.stringify(records));
  return { body: Readable.from([text]), filename: undefined, bytes: text.length };
}

async function openAddress(address: string, name: string, signal: AbortSignal | undefined): Promise<OpenedSource> {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(new Error(`no answer within ${RESPONSE_MS / 1000} s.`)), RESPONSE_MS);
  try {
    const answer = await fetch(address, {
      signal: signal === undefined ? given.signal : AbortSignal.any([given.signal, signal]),
      headers: { accept: '*/*', 'user-agent': 'Almanac' },
    });
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel();
      throw sourceFailed(name, `it answered ${answer.status} ${answer.statusText}.`);
    }
    const length = answer.headers.has('content-encoding') ? null : answer.headers.get('content-length');
    return {
      body: Readable.fromWeb(answer.body),
      filename: new URL(address).pathname.split('/').at(-1),
      bytes: length === null ? undefined : Number(length),
    };
  } finally {
    clearTimeout(timer);
  }
}

async function openFile(where: string, name: string): Promise<OpenedSource> {
  const path = where.startsWith('file:') ? fileURLToPath(where) : where;
  const found = await stat(path);
  if (found.isDirectory()) throw sourceFailed(name, 'it is a folder, not a file.');
  return { body: createReadStream(path), filename: basename(path), bytes: found.size };
}

/** Why reading failed, without the URL or the path that the system's message may contain. */
export function reasonOf(error: unknown, source: Source): string {
  // `fetch failed` is not helpful; its cause is.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, errno, message } = cause as NodeJS.ErrnoException;
  if ('url' in source && !isAddress(source.url)) return `${errno === undefined ? 'it cannot be read' : getSystemErrorMessage(errno)}.`;
  if (code !== undefined && message.includes('/')) return `${code}.`;
  const told = 'url' in source ? message.replaceAll(source.url, nameOfSource(source)) : message;
  return `${code === undefined || told.includes(code) ? told : `${code}: ${told}`}.`.replace(/\.\.$/, '.');
}
