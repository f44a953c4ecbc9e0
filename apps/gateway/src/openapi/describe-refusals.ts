import { PROBLEM_JSON } from '@almanac/service';
import type { OpenApi, Operation } from './document.ts';

/** The properties of an operation that decide with which statuses the gateway or the store can refuse it. */
interface Kind {
  isCourse: boolean;
  isWrite: boolean;
  needsToken: boolean;
  hasBody: boolean;
}

interface Refusal {
  description: string;
  headers?: readonly string[];
  /** Absent: the refusal applies to every operation. */
  applies?(kind: Kind): boolean;
}

/** The refusals that do not depend on a single route. */
const refusals: Readonly<Record<number, Refusal>> = {
  400: { description: 'The request is invalid: its HTTP syntax, a parameter or the body' },
  401: { description: 'The write token is missing or invalid', headers: ['WWW-Authenticate'], applies: ({ needsToken }) => needsToken },
  403: { description: 'The request came from a web page of another site, or its Host header is not a known name' },
  408: { description: 'The body arrived too slowly or stalled', applies: ({ hasBody }) => hasBody },
  413: { description: 'The body is too large', applies: ({ hasBody }) => hasBody },
  414: { description: 'The URL is too long' },
  429: {
    description: 'The client sends too many requests, or holds too many event streams',
    headers: ['Retry-After', 'RateLimit-Policy', 'RateLimit'],
  },
  431: { description: 'The URL and headers are too large' },
  502: { description: 'The connection to a service broke before its response was complete' },
  503: { description: 'A service or the store is overloaded or unavailable', headers: ['Retry-After'] },
  507: { description: 'The store is full', applies: ({ isWrite }) => isWrite },
};

const text = { schema: { type: 'string' } };
const schema = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } });
const problem = { [PROBLEM_JSON]: schema('Problem') };
/** A request that cannot be parsed is refused before its path is known, always with a problem. */
const courseProblem = { 'application/json': schema('CourseError'), 'text/plain': text, ...problem };

/** Adds each refusal that applies, as a reference to a shared response. A status that the route documents itself is kept. */
export function describeRefusals(document: OpenApi, operation: Operation, kind: Kind): void {
  const { components = {} } = document;
  const { responses: shared = {} } = components;
  const found: Record<string, unknown> = {};
  for (const [status, { description, headers = [], applies }] of Object.entries(refusals)) {
    if (applies?.(kind) === false) continue;
    const name = `${kind.isCourse ? 'Course' : 'Problem'}${status}`;
    shared[name] ??= {
      description,
      headers: Object.fromEntries(headers.map((header) => [header, text])),
      content: kind.isCourse ? courseProblem : problem,
    };
    found[status] = { $ref: `#/components/responses/${name}` };
  }
  document.components = { ...components, responses: shared };
  operation.responses = { ...found, ...(operation.responses as object | undefined) };
}
