/** Who answers a route: one of the services behind the gateway, or the gateway itself. */
export type Owner = 'ingest' | 'query' | 'jobs' | 'self';
export type ServiceName = Exclude<Owner, 'self'>;
export const serviceNames = ['ingest', 'query', 'jobs'] as const satisfies readonly ServiceName[];

export interface Route {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** as find-my-way reads it; GET stands for HEAD too */
  path: string;
  owner: Owner;
  /**
   * The answer is small (at most 256 KB, with a Content-Length) and comes at once, so questions may share a connection and wait for
   * each other. Only for GET.
   */
  quick?: true;
  /** The answer is an event stream. Streams have connections of their own. */
  stream?: true;
  /** The answer may wait for a job. It counts as a stream; so does a request with `Prefer: wait`. */
  waits?: true;
  /** It changes nothing although it is no GET: no write token is needed, and a lost request may be sent again. */
  safe?: true;
  /** heading in /help */
  group: 'Data sets' | 'Records' | 'Jobs and plots' | 'Your own analyses' | 'Course' | 'About';
  /** what it does, in one line of /help */
  summary: string;
  /** what to type after `curl`; $BASE stands for where the gateway is reached, $JOB for a job's id */
  example: string;
}
