import { section } from './limit.ts';

/** What one request, one connection and one client may take of the gateway and of the services behind it. */
export const requestLimits = section({
  headBytes: {
    value: 16 * 1024,
    unit: 'bytes',
    title: 'bytes of the request line and headers of one request',
    outcome: '431; the services accept twice as much, so that the lines the gateway adds always fit',
  },
});
