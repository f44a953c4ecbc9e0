import { CourseError } from '@almanac/domain';
import type { RouteOptions } from 'fastify';
import { Type } from 'typebox';

/** Answers of the course dialect: what they hold is the data set's affair and the clients' own, so no serialiser leaves anything out. */
export const courseResponses = { 200: Type.Any(), default: CourseError };

/** A validator for routes that read their parameters themselves: the schema is documentation. */
export const readByRoute = () => () => true;

/** The routes of one answer that is found under several paths: path -> operationId, as each is an operation in the API's documents. */
export const routesAt = ({ schema, ...route }: Omit<RouteOptions, 'url'>, paths: Readonly<Record<string, string>>): RouteOptions[] =>
  Object.entries(paths).map(([url, operationId]) => ({ ...route, url, schema: { ...schema, operationId } }));
