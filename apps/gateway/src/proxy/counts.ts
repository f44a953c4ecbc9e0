/** What happened between the gateway and one service, in plain numbers: counting a request must cost nothing. */
export class Counts {
  /** requests passed on over a shared connection */
  shared = 0;
  /** requests passed on over a connection of their own */
  alone = 0;
  /** asked again because the connection was lost before a response */
  lost = 0;
  /** asked again because the service lets go of the shared connection they waited on (it drains) */
  moved = 0;
  /** requests for which no address took a connection */
  refused = 0;
  /** requests turned away because too many wait */
  full = 0;
  /** requests turned away because they waited too long for a connection */
  late = 0;
  /** connections closed because their clients did not read the responses */
  unread = 0;
  /** responses that did not belong to the request they were read for: each broke its connection */
  foreign = 0;
  /** responses of routes marked quick that were too large or did not say their length */
  misuse = 0;
  /** requests answered by a problem of the gateway's own: 408, 502, 503 */
  failed = 0;
}
