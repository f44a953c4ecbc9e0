import { section } from './limit.ts';

/** Limits on one request, one connection and one client, at the gateway and at the services behind it. */
export const requestLimits = section({
  headBytes: {
    value: 16 * 1024,
    unit: 'bytes',
    title: 'bytes of the request line and headers of one request',
    outcome: '431; the connection closes',
  },
  serviceHeadBytes: {
    value: 64 * 1024,
    unit: 'bytes',
    title: 'bytes of a request head that the services behind the gateway accept, including the lines that the gateway adds',
    outcome: '431 from the service; cannot be reached through the gateway',
  },
  urlBytes: {
    value: 8 * 1024,
    unit: 'bytes',
    title: 'bytes of the path and query of one request',
    outcome: '414',
  },
  headerLines: {
    value: 100,
    unit: 'values',
    title: 'header lines of one request',
    outcome: '431',
  },
  pipelined: {
    value: 16,
    unit: 'requests',
    title: 'requests that a client may send on one connection before it reads the responses',
    outcome: '429 for the first request above the limit; the connection closes after it',
  },
  connections: {
    value: 64,
    unit: 'connections',
    title: 'connections to one service for ordinary requests; one client may hold as many as are still free',
    outcome: 'the request waits',
    setting: 'UPSTREAM_CONNECTIONS',
  },
  streams: {
    value: 512,
    unit: 'streams',
    title: 'event streams and waits for jobs at one service; one client may hold as many as are still free',
    outcome: '429 if the client holds its share, 503 if none is free',
    setting: 'UPSTREAM_STREAMS',
  },
  waiting: {
    value: 1024,
    unit: 'requests',
    title: 'requests that wait for a connection to one service; one client may hold as many of these places as are still free',
    outcome: '503 with Retry-After',
  },
  waitMs: {
    value: 5_000,
    unit: 'ms',
    title: 'time a request may wait for a connection to a service',
    outcome: '503 with Retry-After',
    setting: 'UPSTREAM_WAIT_MS',
  },
  bodyRate: {
    value: 1024,
    unit: 'bytes',
    title: 'bytes per second at which a request body must arrive, over any 30 s; over any 3 s while the client has other requests waiting',
    outcome: '408; the connection closes',
    setting: 'MIN_BYTES_PER_SECOND',
    isMinimum: true,
  },
  readRate: {
    value: 1024,
    unit: 'bytes',
    title:
      'bytes per second at which a client must read a response, over any 120 s; over any 30 s while the client has other requests waiting',
    outcome: 'the response is cut off',
    setting: 'MIN_BYTES_PER_SECOND',
    isMinimum: true,
  },
  heldBytes: {
    value: 32 * 1024 * 1024,
    unit: 'bytes',
    title: 'bytes of small bodies and of small unread responses that the gateway holds; one client may hold as many as are still free',
    outcome: 'a body is forwarded as it arrives; the connection of a client that does not read is closed',
  },
  jsonDepth: {
    value: 100,
    unit: 'levels',
    title: 'levels of nested objects and arrays in a JSON body',
    outcome: '400, before the body is parsed',
  },
  problemDetail: {
    value: 2000,
    unit: 'characters',
    title: 'characters of the detail of a problem; 200 of each name in it that the client sent',
    outcome: 'the text is cut',
  },
  logUrlCharacters: {
    value: 512,
    unit: 'characters',
    title: 'characters of the URL of a request in its log line',
    outcome: 'the URL is cut',
  },
  logLineCharacters: {
    value: 16 * 1024,
    unit: 'characters',
    title: 'characters of one log line',
    outcome: 'the texts in the line are cut; it stays valid JSON',
  },
  prefixLength: {
    value: 128,
    unit: 'characters',
    title: 'length of X-Forwarded-Prefix and of PUBLIC_BASE_PATH',
    outcome: 'a longer header is ignored; a longer setting prevents the start',
  },
  hintedPath: {
    value: 200,
    unit: 'characters',
    title: 'length of an unknown path for which the nearest route is suggested',
    outcome: '404 without a suggestion',
  },
  pageListBytes: {
    value: 8 * 1024 * 1024,
    unit: 'bytes',
    title: 'size of a list of data sets or jobs that the landing page reads',
    outcome: 'the page shows a note instead of the list',
  },
  pageText: {
    value: 300,
    unit: 'characters',
    title: 'length of a title or description on the landing page',
    outcome: 'it is cut',
  },
});
