import { isCoursePath } from '@almanac/domain';
import type { AccessPolicy } from '../access/access-policy.ts';
import { routes } from '../map.ts';
import { describeRefusals } from './describe-refusals.ts';
import { type OpenApi, operationsOf, shapeOf } from './document.ts';

/** POSTs that change nothing. */
const safe: ReadonlySet<string> = new Set(
  routes.flatMap(({ method, path, safe: isSafe }) => (isSafe ? [`${method} ${shapeOf(path)}`] : [])),
);

/** Adds to the merged document what the door requires of a request, and each status with which a request can be refused. */
export function describeAccess(document: OpenApi, { tokens }: AccessPolicy): void {
  if (tokens !== undefined) {
    const writeToken = { type: 'http', scheme: 'bearer', description: 'ALMANAC_WRITE_TOKEN of whoever runs this Almanac; reads need none' };
    document.components = { ...document.components, securitySchemes: { writeToken } };
  }
  for (const { method, path, operation } of operationsOf(document)) {
    const isWrite = method !== 'GET' && !safe.has(`${method} ${shapeOf(path)}`);
    const needsToken = tokens !== undefined && isWrite;
    if (needsToken) operation.security = [{ writeToken: [] }];
    describeRefusals(document, operation, {
      isCourse: isCoursePath(path),
      isWrite,
      needsToken,
      hasBody: operation.requestBody !== undefined,
    });
  }
}
