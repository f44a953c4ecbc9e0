import { type Problem, ProblemError, type ProblemType, problemTypes, type Where, whereToQuery } from '@almanac/domain';
import { ConfigError, REQUEST_ID } from '@almanac/service';
import { Pool } from 'undici';

export interface RowsQuestion {
  dataset: string;
  /** the version the job was accepted with */
  version: string;
  columns: readonly string[];
  where: Where;
}

/** What carries a question: the id of the request that began the job, and the signal that ends it. */
export interface Asking {
  requestId: string | undefined;
  signal: AbortSignal;
}

export interface Rows {
  /** an Arrow IPC stream */
  body: AsyncIterable<Uint8Array>;
  /** how many records query says there are, to tell a whole answer from part of one */
  count: number | undefined;
}

/** Numbers, booleans and times as doubles, texts as dictionaries: without the profile query sends columns with their own types. */
const PLAIN_ARROW = 'application/vnd.apache.arrow.stream; profile=plain';

/** Rows from the query service. What it refuses is thrown as the problem it is; what is away, as 503 or 502 to try again. */
export class QueryClient {
  readonly #pool: Pool;

  /** `address`: http://host:port or unix:<path> */
  constructor(address: string, { stallMs = 30_000 }: { stallMs?: number } = {}) {
    const limits = { headersTimeout: stallMs, bodyTimeout: stallMs, connectTimeout: 5_000, connections: 8 };
    if (address.startsWith('unix:')) this.#pool = new Pool('http://query', { ...limits, socketPath: address.slice('unix:'.length) });
    else if (URL.canParse(address) && /^https?:/.test(address)) this.#pool = new Pool(new URL(address).origin, limits);
    else throw new ConfigError([`ALMANAC_QUERY_URL='${address}': write http://host:port or unix:<path>`]);
  }

  /** The records that a filter leaves, of these columns alone, as an Arrow stream. */
  async rows(question: RowsQuestion, asking: Asking): Promise<Rows> {
    const { body, headers } = await this.#get(rowsPath(question), PLAIN_ARROW, asking);
    const count = headers['almanac-records'];
    return { body: whole(body, asking.signal), count: count === undefined ? undefined : Number(count) };
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

  async #get(path: string, accept: string, { requestId, signal }: Asking) {
    const headers = { accept, ...(requestId === undefined ? {} : { [REQUEST_ID]: requestId }) };
    const answer = await this.#pool.request({ method: 'GET', path, headers, signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new ProblemError('unavailable', 'The query service cannot be reached; the job waits for it.', { cause: error });
    });
    if (answer.statusCode === 200) return answer;
    throw await problemOf(answer.statusCode, await answer.body.text().catch(() => ''));
  }
}

/** `/v1/datasets/x/records?f=arrow&...`: names with a comma are written as lists write them. */
export function rowsPath({ dataset, version, columns, where }: RowsQuestion): string {
  const listed = columns.map((name) => name.replaceAll('\\', '\\\\').replaceAll(',', '\\,')).join(',');
  const query = [['f', 'arrow'], ['fields', listed], ['limit', 'all'], ['version', version], ...whereToQuery(where)];
  const encoded = query.map(([name, value]) => `${encodeURIComponent(name!)}=${encodeURIComponent(value!)}`).join('&');
  return `/v1/datasets/${encodeURIComponent(dataset)}/records?${encoded}`;
}

async function* whole(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    signal.throwIfAborted();
    throw brokenOff(error);
  }
}

const brokenOff = (cause: unknown) => new ProblemError('bad-gateway', 'The query service broke off in the middle of the rows.', { cause });

/** What query said, as the problem it is. */
function problemOf(status: number, text: string): ProblemError {
  const body = parsed(text);
  const type = body?.type?.replace('/problems/', '') ?? '';
  const detail = body?.detail ?? `The query service answered ${status}.`;
  const options = body?.errors === undefined ? {} : { errors: body.errors };
  if (status >= 500) return new ProblemError(status === 502 ? 'bad-gateway' : 'unavailable', detail);
  return new ProblemError(isProblemType(type) ? type : 'job-failed', detail, options);
}

const isProblemType = (type: string): type is ProblemType => type in problemTypes;

function parsed(text: string): Partial<Problem> | undefined {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return undefined;
  }
}
