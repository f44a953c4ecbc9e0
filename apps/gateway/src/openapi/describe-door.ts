import { PROBLEM_JSON } from '@almanac/service';
import type { Door } from '../door/door.ts';
import { routes } from '../routes.ts';
import { type OpenApi, operationsOf, shapeOf } from './document.ts';

const problem = (description: string, headers: object) => ({
  description,
  headers,
  content: { [PROBLEM_JSON]: { schema: { $ref: '#/components/schemas/Problem' } } },
});

/** POSTs that change nothing. */
const safe: ReadonlySet<string> = new Set(
  routes.flatMap(({ method, path, safe: isSafe }) => (isSafe ? [`${method} ${shapeOf(path)}`] : [])),
);

const text = { schema: { type: 'string' } };

/** Says in the merged document what the door asks for, where it asks for anything. */
export function describeDoor(document: OpenApi, { tokens, limit }: Door): void {
  if (tokens !== undefined) {
    const writeToken = { type: 'http', scheme: 'bearer', description: 'ALMANAC_WRITE_TOKEN of whoever runs this Almanac; reads need none' };
    document.components = { ...document.components, securitySchemes: { writeToken } };
  }
  for (const { method, path, operation } of operationsOf(document)) {
    const responses = operation.responses as Record<string, unknown> | undefined;
    const more: Record<string, unknown> = {};
    if (tokens !== undefined && method !== 'GET' && !safe.has(`${method} ${shapeOf(path)}`)) {
      operation.security = [{ writeToken: [] }];
      more[401] = problem('The write token is missing or not valid', { 'WWW-Authenticate': text });
    }
    if (method !== 'GET') more[403] = problem('A web page of another origin sent the request, or the Host is not a known name', {});
    if (limit !== undefined && operation.tags?.includes('health') !== true)
      more[429] = problem('This client asks too often', { 'Retry-After': text, 'RateLimit-Policy': text, RateLimit: text });
    operation.responses = { ...responses, ...more };
  }
}
