import { invalidParameter, unknownParameter } from '@almanac/domain';
import type { FastifySchemaCompiler } from 'fastify';
import type { TObject } from 'typebox';
import { Value } from 'typebox/value';

/** A validator for routes whose body is a stream. The schema of the body is only for API documents; the other schemas are checked. */
export const bodyUnread: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  if (httpPart === 'body') return () => true;
  const { properties = {}, additionalProperties } = schema as TObject & { additionalProperties?: boolean };
  return (data: Record<string, unknown>) => {
    const unknown = additionalProperties === false ? Object.keys(data).find((name) => !Object.hasOwn(properties, name)) : undefined;
    if (unknown !== undefined) return { error: unknownParameter(unknown, Object.keys(properties)) };
    const [error] = Value.Errors(schema as TObject, data);
    return error === undefined ? true : { error: invalidParameter(error.instancePath.slice(1), '', error.message) };
  };
};
