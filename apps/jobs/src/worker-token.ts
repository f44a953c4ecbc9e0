import { invalidParameter } from '@almanac/domain';
import { type Static, Type } from 'typebox';

const Token = Type.String({ minLength: 1, maxLength: 100 });

/** The header in which a worker names the token that it holds a job under. `Authorization` is for the write token, and ends at the gateway. */
export const WorkerTokenHeader = Type.Object({
  'worker-token': Type.Optional({
    ...Token,
    description: 'the token that the job was taken under',
    examples: ['lease60000-1f0c9e0d6a7b8c9d:p2Vh0uJm4c1eQ7n8sT5dZw'],
  }),
});

/** Workers of the release before send the token in the URL, where proxies log it. */
export const WorkerTokenQuery = Type.Object(
  { token: Type.Optional({ ...Token, deprecated: true, description: 'the token in the URL; send the header Worker-Token instead' }) },
  { additionalProperties: false },
);

/** The token of a request: the header's, or that of the query. Throws 400 without one. */
export function tokenOf(request: { headers: Static<typeof WorkerTokenHeader>; query: Static<typeof WorkerTokenQuery> }): string {
  const token = request.headers['worker-token'] ?? request.query.token;
  if (token !== undefined) return token;
  throw invalidParameter('Worker-Token', '', 'the header is missing; it names the token that the job was taken under');
}
