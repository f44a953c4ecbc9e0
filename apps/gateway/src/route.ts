/** The process that handles a route: one of the services behind the gateway, or the gateway itself. */
export type Owner = 'ingest' | 'query' | 'jobs' | 'self';
export type ServiceName = Exclude<Owner, 'self'>;
export const serviceNames = ['ingest', 'query', 'jobs'] as const satisfies readonly ServiceName[];

/** A row of the map: one public method and path. */
export interface Route extends RouteFlags {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** in the syntax of find-my-way; GET includes HEAD */
  path: string;
  owner: Owner;
  /** heading in /help */
  group: 'Data sets' | 'Records' | 'Jobs and plots' | 'Your own analyses' | 'Course' | 'About';
  /** what it does, in one line of /help */
  summary: string;
  /** what to type after `curl`; $BASE stands for the URL of the gateway, $JOB for a job id */
  example: string;
}

/** How the gateway forwards a route. */
export interface RouteFlags {
  /**
   * The response is small (at most 256 KB, with a Content-Length) and fast, so requests may share a connection and wait for each other.
   * Only for GET.
   */
  quick?: true;
  /** The response is an event stream. Streams have connections of their own. */
  stream?: true;
  /** The response may wait for a job. It counts as a stream, as does a request with `Prefer: wait`. */
  waits?: true;
  /** The route changes nothing although its method is not GET: it needs no write token, and a lost request may be sent again. */
  safe?: true;
}
