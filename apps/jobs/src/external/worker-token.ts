import { invalidParameter } from '@almanac/domain';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';

/** The header in which a worker names the token that it holds a job under. `Authorization` is for the write token, and ends at the gateway. */
export const WorkerTokenHeader = Type.Object({
  'worker-token': Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'the token that the job was taken under',
    examples: ['lease60000-1f0c9e0d6a7b8c9d:p2Vh0uJm4c1eQ7n8sT5dZw'],
  }),
});

/** These routes have no parameters in the URL. */
export const NoQuery = Type.Object({}, { additionalProperties: false });

/**
 * A preValidation hook. Workers of the release before send the token as `?token=`, where proxies log it: it becomes the header, which is
 * all that the document shows. Throws 400 without a token.
 */
export async function takeWorkerToken({ headers, query }: FastifyRequest): Promise<void> {
  const given = query as { token?: string };
  headers['worker-token'] ??= given.token;
  delete given.token;
  if (headers['worker-token'] === undefined)
    throw invalidParameter('Worker-Token', '', 'the header is missing; it names the token that the job was taken under');
}

/** The token of a request that passed the hook. */
export const tokenOf = ({ headers }: { headers: Static<typeof WorkerTokenHeader> }): string => headers['worker-token'];
