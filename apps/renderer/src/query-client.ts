import type { Readable } from 'node:stream';
import { ProblemError, type Where, whereToQuery } from '@almanac/domain';
import { ConfigError, REQUEST_ID } from '@almanac/service';
import { Pool } from 'undici';
import { brokenOff, failureOf, tooOld, unreachable } from './query-failures.ts';

/** Numbers, booleans and times as doubles, as plots read them. Query services of earlier versions send only this form. */
const ARROW = 'application/vnd.apache.arrow.stream; profile=plain';
/** A longer path is sent as a POST, because a request head is limited to 16 KB. */
const LONG_PATH_BYTES = 4 * 1024;
const LONGEST_PATH_BYTES = 14 * 1024;
const LONGEST_REFUSAL_BYTES = 64 * 1024;
/** Query sends the response's head when it has found the rows. A job that waits longer returns to the queue. */
const STALL_MS = 15_000;

export interface RowsQuery {
  dataset: string;
  /** the version the job was accepted with */
  version: string;
  columns: readonly string[];
  where: Where;
}

/** The id of the request that submitted the job, and the signal that stops it. */
export interface RequestContext {
  requestId: string | undefined;
  signal: AbortSignal;
}

export interface Rows {
  /** an Arrow IPC stream */
  body: AsyncIterable<Uint8Array>;
  /** number of records that query announced, to detect an incomplete stream */
  count: number | undefined;
}

/**
 * Reads rows from the query service. Throws query's own problem if it rejects the request, and GivePlaceBack if query is unavailable or
 * overloaded.
 */
export class QueryClient {
  readonly #pool: Pool;

  /** `address`: http://host:port or unix:<path> */
  constructor(address: string, { stallMs = STALL_MS }: { stallMs?: number } = {}) {
    const limits = { headersTimeout: stallMs, bodyTimeout: stallMs, connectTimeout: 5_000, connections: 8 };
    if (address.startsWith('unix:')) this.#pool = new Pool('http://query', { ...limits, socketPath: address.slice('unix:'.length) });
    else if (URL.canParse(address) && /^https?:/.test(address)) this.#pool = new Pool(new URL(address).origin, limits);
    else throw new ConfigError([`ALMANAC_QUERY_URL='${address}': must be http://host:port or unix:<path>`]);
  }

  /** The records that match a filter, with the given columns, as an Arrow stream. */
  async rows(query: RowsQuery, context: RequestContext): Promise<Rows> {
    const { body, headers } = await this.#ask(query, context);
    const count = headers['almanac-records'];
    return { body: whole(body, context.signal), count: count === undefined ? undefined : Number(count) };
  }

  /** Rejects if query is not ready. */
  async ready(): Promise<void> {
    const { statusCode, body } = await this.#pool.request({ method: 'GET', path: '/readyz', headersTimeout: 2_000 });
    await body.dump();
    if (statusCode !== 200) throw new Error(`query is not ready (${statusCode})`);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Sends a GET, which every version of query accepts, or a POST if the filter is too long for a URL. */
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

/** The start of an error response. */
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

/** `/v1/datasets/x/records?f=arrow&...`. A comma in a name is escaped as in any list. */
export function rowsPath({ dataset, version, columns, where }: RowsQuery): string {
  const listed = columns.map((name) => name.replaceAll('\\', '\\\\').replaceAll(',', '\\,')).join(',');
  const query = [['f', 'arrow'], ['fields', listed], ['limit', 'all'], ['version', version], ...whereToQuery(where)];
  const encoded = query.map(([name, value]) => `${encodeURIComponent(name!)}=${encodeURIComponent(value!)}`).join('&');
  return `/v1/datasets/${encodeURIComponent(dataset)}/records?${encoded}`;
}

const searchPath = ({ dataset }: RowsQuery): string => `/v1/datasets/${encodeURIComponent(dataset)}/search?f=arrow`;

const searchBody = ({ version, columns, where }: RowsQuery): string => JSON.stringify({ where, fields: columns, limit: 'all', version });

/** Whether query lacks the route. An unknown data set has another problem type. */
const isUnknownRoute = (error: unknown): boolean =>
  error instanceof ProblemError && (error.type === 'not-found' || error.type === 'method-not-allowed');

/** The rows as they arrive. Stopping the iteration ends the request, also while the next piece is awaited. */
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
