import type { TUnsafe } from 'typebox';

/** The response of a route that sends events. The cast gives the route's type no body, because the stream is written past Fastify. */
export const eventStreamResponse = {
  description: [
    'Server-sent events: `status` while the job waits, `progress` while it runs, `result` when it has ended.',
    'The data of each event is the job’s record.',
    'After a reconnect, the current record is sent again.',
    'The stream is closed if its reader does not keep up.',
  ].join(' '),
  content: { 'text/event-stream': { schema: { type: 'string' } } },
} as unknown as TUnsafe<undefined>;
