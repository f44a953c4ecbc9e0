import type { CourseError } from '@almanac/domain';
import type { RouteOptions } from 'fastify';
import { type TAny, Type } from 'typebox';

const mediaTypes = {
  json: { 'application/json': { schema: Type.Any() } },
  text: { 'text/plain': { schema: Type.String() } },
  png: { 'image/png': { schema: Type.String({ format: 'binary' }) } },
} as const;
type MediaKind = keyof typeof mediaTypes;

/**
 * The responses of a course route, by the media types of a success. The JSON members depend on the data set, so the schema is open and the
 * serializer drops nothing. Some failures of this dialect are text, as in the course's own programs.
 */
export const courseResponses = (...kinds: readonly [MediaKind, ...MediaKind[]]) => ({
  200: courseSuccess(...kinds),
  default: courseFailure,
});

/** One success of a course route, for status codes other than 200. */
export const courseSuccess = (...kinds: readonly MediaKind[]) =>
  ({ description: 'OK', content: Object.assign({}, ...kinds.map((kind) => mediaTypes[kind])) }) as unknown as TAny;

const courseFailure = {
  description: 'The error',
  content: { 'application/json': { schema: { $ref: 'CourseError#' } }, ...mediaTypes.text },
} as unknown as typeof CourseError;

/** A validator that accepts everything, for routes that check their parameters themselves: the schema is documentation only. */
export const skipValidation = () => () => true;

/** The same route under several paths: path -> operationId, because each is an operation of its own in OpenAPI. */
export const routesAt = ({ schema, ...route }: Omit<RouteOptions, 'url'>, paths: Readonly<Record<string, string>>): RouteOptions[] =>
  Object.entries(paths).map(([url, operationId]) => ({ ...route, url, schema: { ...schema, operationId } }));
