import { invalidParameter } from '@almanac/domain';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';

/** The header with the token of a lease. `Authorization` is for the write token, and the gateway removes it. */
export const WorkerTokenHeader = Type.Object({
  'worker-token': Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'token of the lease, from the response that handed out the job',
    examples: ['lease60000-1f0c9e0d6a7b8c9d:p2Vh0uJm4c1eQ7n8sT5dZw'],
  }),
});

/** Routes for workers have no query parameters. */
export const NoQuery = Type.Object({}, { additionalProperties: false });

/**
 * A preValidation hook that moves the token of `?token=` to the header. Workers of the previous release send it in the URL, where proxies
 * log it; the API documents only the header. Throws 400 without a token.
 */
export async function takeWorkerToken({ headers, query }: FastifyRequest): Promise<void> {
  const given = query as { token?: string };
  headers['worker-token'] ??= given.token;
  delete given.token;
  if (headers['worker-token'] === undefined)
    throw invalidParameter('Worker-Token', '', 'this header is required; it is the token from the response that handed out the job');
}

/** The token of a request that passed the hook. */
export const tokenOf = ({ headers }: { headers: Static<typeof WorkerTokenHeader> }): string => headers['worker-token'];
