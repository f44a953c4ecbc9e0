import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ProblemError } from '@almanac/domain';
import type { Source } from '@almanac/profiles';

/** The head of an answer must come within this. */
const ANSWER_MS = 30_000;

export interface OpenedSource {
  body: Readable;
  filename: string | undefined;
  bytes: number | undefined;
}

/** What a source could not be read for, as the course's clients are told it. */
export const sourceFailed = (name: string, why: string, cause?: unknown) =>
  new ProblemError('bad-gateway', `The data could not be read from ${name}: ${why} What was loaded before stays as it is.`, { cause });

/** What a source is called in messages. */
export const nameOfSource = (source: Source): string => ('url' in source ? source.url : 'the profile itself');

/**
 * Opens where a profile's data come from: an http address, a file, or records that the profile makes. Addresses are the operator's, never
 * a caller's, so they are not kept from private networks. Throws bad-gateway.
 */
export async function openSource(source: Source): Promise<OpenedSource> {
  if (!('url' in source)) return made(source.records());
  const name = source.url;
  try {
    return /^https?:/.test(name) ? await openAddress(name) : await openFile(name);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw sourceFailed(name, reasonOf(error), error);
  }
}

function made(records: readonly unknown[]): OpenedSource {
  const text = Buffer.from(JSON.stringify(records));
  return { body: Readable.from([text]), filename: undefined, bytes: text.length };
}

async function openAddress(address: string): Promise<OpenedSource> {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(new Error(`no answer within ${ANSWER_MS / 1000} s.`)), ANSWER_MS);
  try {
    const answer = await fetch(address, { signal: given.signal, headers: { accept: '*/*', 'user-agent': 'Almanac' } });
    if (!answer.ok || answer.body === null) throw sourceFailed(address, `it answered ${answer.status} ${answer.statusText}.`);
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

async function openFile(name: string): Promise<OpenedSource> {
  const path = name.startsWith('file:') ? fileURLToPath(name) : name;
  const { size } = await stat(path);
  return { body: createReadStream(path), filename: path.split('/').at(-1), bytes: size };
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, message } = cause as NodeJS.ErrnoException;
  return `${code === undefined || message.includes(code) ? message : `${code}: ${message}`}.`.replace(/\.\.$/, '.');
}
