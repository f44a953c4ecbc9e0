/** Counters of one service. They are plain numbers, because counting must not slow down a request. */
export class Counts {
  /** requests forwarded on a shared connection */
  shared = 0;
  /** requests forwarded on a connection of their own */
  alone = 0;
  /** requests sent again because the connection was lost before a response */
  lost = 0;
  /** requests sent again because the service closed the shared connection (it drains) */
  moved = 0;
  /** requests for which no address accepted a connection */
  refused = 0;
  /** requests refused because too many wait */
  full = 0;
  /** requests refused because they waited too long for a connection */
  late = 0;
  /** client connections closed because the client did not read its responses */
  unread = 0;
  /** responses that did not match their request; each closes its connection */
  foreign = 0;
  /** responses of quick routes that were too large or had no Content-Length */
  misuse = 0;
  /** requests that ended with a problem of the gateway itself: 408, 502, 503 */
  failed = 0;
}
