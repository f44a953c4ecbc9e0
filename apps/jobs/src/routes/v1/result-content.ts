import { BINARY } from '@almanac/service';
import type { TUnsafe } from 'typebox';

/** The media types of results. The first is the type for which generated clients return the bytes unchanged. */
export const resultContent = {
  'application/octet-stream': { schema: BINARY },
  'image/png': { schema: BINARY },
  'image/svg+xml': { schema: { type: 'string' } },
  'application/json': { schema: {} },
  // Registered processes have types of their own.
  '*/*': { schema: BINARY },
};

/** The cast makes bytes the route's type. Fastify sends bytes without a serializer. */
export const bytesResponse = (description: string, content: Record<string, unknown> = resultContent): TUnsafe<Buffer> =>
  ({ description, content }) as unknown as TUnsafe<Buffer>;
