import type { Readable } from 'node:stream';
import { ProblemError, type Where, whereToQuery } from '@almanac/domain';
import { ConfigError, REQUEST_ID } from '@almanac/service';
import { Pool } from 'undici';
import { brokenOff, failureOf, tooOld, unreachable } from './query-failures.ts';

/** Numbers, booleans and times as doubles, as plots read them. A query service of an earlier version sends nothing else. */
const ARROW = 'application/vnd.apache.arrow.stream; profile=plain';
/** A longer path is asked by POST: a head may have 16 KB, other headers included. */
const LONG_PATH_BYTES = 4 * 1024;
const LONGEST_PATH_BYTES = 14 * 1024;
const LONGEST_REFUSAL_BYTES = 64 * 1024;
/** Query sends the head of an answer when it has found the rows; a job that waits longer gives its place back. */
const STALL_MS = 15_000;

export interface RowsQuery {
  dataset: string;
  /** the version the job was accepted with */
  version: string;
  columns: readonly string[];
  where: Where;
}

/** What carries a query: the id of the request that began the job, and the signal that ends it. */
export interface RequestContext {
  requestId: string | undefined;
  signal: AbortSignal;
}

export interface Rows {
  /** an Arrow IPC stream */
  body: AsyncIterable<Uint8Array>;
  /** how many records query says there are, to tell a whole answer from part of one */
  count: number | undefined;
}

/**
 * Rows from the query service. What it refuses is thrown as the problem it is; a service that is away or has no room makes the job give its
 * place back.
 */
export class QueryClient {
  readonly #pool: Pool;

  /** `address`: http://host:port or unix:<path> */
  constructor(address: string, { stallMs = STALL_MS }: { stallMs?: number } = {}) {
    const limits = { headersTimeout: stallMs, bodyTimeout: stallMs, connectTimeout: 5_000, connections: 8 };
    if (address.startsWith('unix:')) this.#pool = new Pool('http://query', { ...limits, socketPath: address.slice('unix:'.length) });
    else if (URL.canParse(address) && /^https?:/.test(address)) this.#pool = new Pool(new URL(address).origin, limits);
    else throw new ConfigError([`ALMANAC_QUERY_URL='${address}': write http://host:port or unix:<path>`]);
  }

  /** The records that a filter leaves, of these columns alone, as an Arrow stream. */
  async rows(query: RowsQuery, context: RequestContext): Promise<Rows> {
    const { body, headers } = await this.#ask(query, context);
    const count = headers['almanac-records'];
    return { body: whole(body, context.signal), count: count === undefined ? undefined : Number(count) };
  }

  /** Whether query answers; rejects where it does not. */
  async ready(): Promise<void> {
    const { statusCode, body } = await this.#pool.request({ method: 'GET', path: '/readyz', headersTimeout: 2_000 });
    await body.dump();
    if (statusCode !== 200) throw new Error(`query is not ready (${statusCode})`);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** By GET, as every query service understands it, or in a body if the filter is long for a URL. */
  async #ask(query: RowsQuery, context: RequestContext) {
    const path = rowsPath(query);
    if (path.length <= LONG_PATH_BYTES) return this.#request({ method: 'GET', path }, context);
    try {
      return await this.#request({ method: 'POST', path: searchPath(query), body: searchBody(query) }, context);
    } catch (error) {
      if (!isUnknownRoute(error)) throw error;
      if (path.length > LONGEST_PATH_BYTES) throw tooOld();
      return this.#request({ method: 'GET', path }, context);
    }
  }

  async #request(request: { method: 'GET' | 'POST'; path: string; body?: string }, { requestId, signal }: RequestContext) {
    const headers = {
      accept: ARROW,
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(requestId === undefined ? {} : { [REQUEST_ID]: requestId }),
    };
    const answer = await this.#pool.request({ ...request, headers, signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw unreachable(error);
    });
    if (answer.statusCode === 200) return answer;
    const retryAfter = [answer.headers['retry-after']].flat()[0];
    throw failureOf(answer.statusCode, retryAfter, await startOf(answer.body, signal));
  }
}

/** The start of a refusal: its words, and no more than that. */
async function startOf(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > LONGEST_REFUSAL_BYTES) break;
    }
  } catch {
    signal.throwIfAborted();
  }
  return Buffer.concat(pieces).toString();
}

/** `/v1/datasets/x/records?f=arrow&...`: names with a comma are written as lists write them. */
export function rowsPath({ dataset, version, columns, where }: RowsQuery): string {
  const listed = columns.map((name) => name.replaceAll('\\', '\\\\').replaceAll(',', '\\,')).join(',');
  const query = [['f', 'arrow'], ['fields', listed], ['limit', 'all'], ['version', version], ...whereToQuery(where)];
  const encoded = query.map(([name, value]) => `${encodeURIComponent(name!)}=${encodeURIComponent(value!)}`).join('&');
  return `/v1/datasets/${encodeURIComponent(dataset)}/records?${encoded}`;
}

const searchPath = ({ dataset }: RowsQuery): string => `/v1/datasets/${encodeURIComponent(dataset)}/search?f=arrow`;

const searchBody = ({ version, columns, where }: RowsQuery): string => JSON.stringify({ where, fields: columns, limit: 'all', version });

/** Whether query has no such route: an unknown data set is another problem. */
const isUnknownRoute = (error: unknown): boolean =>
  error instanceof ProblemError && (error.type === 'not-found' || error.type === 'method-not-allowed');

/** The rows as they arrive. Who stops reading ends the request with it, also while it waits for the next piece. */
function whole(body: Readable, signal: AbortSignal): AsyncIterable<Uint8Array> {
  body.on('error', () => {});
  const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const next = () =>
    pieces.next().catch((error: unknown) => {
      signal.throwIfAborted();
      throw brokenOff(error);
    });
  const stop = async () => {
    body.destroy();
    return { done: true as const, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: stop }) };
}
