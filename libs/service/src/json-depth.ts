import { limitExceeded, requestLimits } from '@almanac/domain';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = ['"', '\\', '[', ']', '{', '}'].map((c) => c.charCodeAt(0));

/** The nesting depth of objects and arrays in a JSON text, which need not be valid. Brackets inside strings do not count. */
export function jsonDepth(text: string): number {
  let [depth, deepest, isString] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isString) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) isString = false;
    } else if (code === QUOTE) isString = true;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) deepest = Math.max(deepest, ++depth);
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth--;
  }
  return deepest;
}

/** Throws 'invalid-body' if a text is nested deeper than the limit. Called before parsing, because recursive code may overflow the stack. */
export function checkDepth(text: string): void {
  const depth = jsonDepth(text);
  if (depth <= requestLimits.jsonDepth.value) return;
  const advice = 'Send a flatter structure.';
  throw limitExceeded('invalid-body', requestLimits.jsonDepth, depth, { detail: 'Invalid JSON: the body is nested too deeply', advice });
}

/** Parses JSON bodies as Fastify does (refusing `__proto__` and `constructor.prototype`), with a limit on the depth. */
export const jsonBodies = fastifyPlugin(
  async (app: FastifyInstance) => {
    const parse = app.getDefaultJsonParser('error', 'error');
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
      try {
        checkDepth(body);
      } catch (error) {
        done(error as Error);
        return;
      }
      void parse(request, body, done);
    });
  },
  { name: 'json-bodies' },
);
