import { isCoursePath } from '@almanac/domain';
import type { AccessPolicy } from '../access/access-policy.ts';
import { routes } from '../map.ts';
import { describeRefusals } from './describe-refusals.ts';
import { type OpenApi, operationsOf, shapeOf } from './document.ts';

/** POST routes that change nothing. */
const safe: ReadonlySet<string> = new Set(
  routes.flatMap(({ method, path, safe: isSafe }) => (isSafe ? [`${method} ${shapeOf(path)}`] : [])),
);

/** Adds the write token to the merged document, and each status with which the gateway can refuse a request. */
export function describeAccess(document: OpenApi, { tokens }: AccessPolicy): void {
  if (tokens !== undefined) {
    const writeToken = { type: 'http', scheme: 'bearer', description: 'the ALMANAC_WRITE_TOKEN of this installation; reads require none' };
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
