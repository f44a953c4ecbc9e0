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
 * The responses of a course route, by the kinds of content that a success has. The data set decides the members, so the schema of JSON
 * is open and the serializer drops nothing. Some failures of this dialect are text, as in the course's own programs.
 */
export const courseResponses = (...kinds: readonly [MediaKind, ...MediaKind[]]) => ({
  200: courseSuccess(...kinds),
  default: courseFailure,
});

/** One success of a course route, for status codes beside 200. */
export const courseSuccess = (...kinds: readonly MediaKind[]) =>
  ({ description: 'OK', content: Object.assign({}, ...kinds.map((kind) => mediaTypes[kind])) }) as unknown as TAny;

const courseFailure = {
  description: 'What is wrong',
  content: { 'application/json': { schema: { $ref: 'CourseError#' } }, ...mediaTypes.text },
} as unknown as typeof CourseError;

/** A validator for routes that read their parameters themselves: the schema is documentation. */
export const skipValidation = () => () => true;

/** The routes of one answer that is found under several paths: path -> operationId, as each is an operation in the API's documents. */
export const routesAt = ({ schema, ...route }: Omit<RouteOptions, 'url'>, paths: Readonly<Record<string, string>>): RouteOptions[] =>
  Object.entries(paths).map(([url, operationId]) => ({ ...route, url, schema: { ...schema, operationId } }));
