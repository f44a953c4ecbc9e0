import { ProblemError } from '@almanac/domain';
import type { FastifyReply } from 'fastify';
import { checkDepth } from './json-depth.ts';

/** Sends JSON text unchanged, as `application/json` without a charset: clients of the course compare the type with that. */
export const sendJsonText = (reply: FastifyReply, text: string | Buffer, status = 200): FastifyReply =>
  reply
    .code(status)
    .header('content-type', 'application/json')
    .send(typeof text === 'string' ? Buffer.from(text) : text);

/**
 * The JSON object in a body of any Content-Type (as Flask's `get_json(force=True)` reads it); {} for an empty body. Throws 'invalid-body',
 * whose message shows `example`.
 */
export function jsonObjectIn(body: Buffer | undefined, example: string): Record<string, unknown> {
  const text = body?.toString().trim() ?? '';
  if (text === '') return {};
  checkDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProblemError('invalid-body', `Invalid JSON: ${(error as Error).message}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ProblemError('invalid-body', `Invalid JSON: an object is expected, such as ${example}.`);
}
