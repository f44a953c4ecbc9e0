import { type Static, Type } from 'typebox';
import { requestLimits } from './limits/requests.ts';
import { hint } from './suggest.ts';

/** The error in one named part of a request. */
export const ProblemDetail = Type.Object({
  parameter: Type.Optional(Type.String({ description: 'the invalid query parameter or header' })),
  path: Type.Optional(Type.String({ description: 'JSON pointer into the request body' })),
  detail: Type.String({ description: 'what is invalid and what is valid instead' }),
});
export type ProblemDetail = Static<typeof ProblemDetail>;

/** RFC 9457, Problem Details for HTTP APIs. Members beyond these (maxBytes, for one) belong to single problem types. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'URI reference of the problem type' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'names the invalid value and what is valid instead' }),
    instance: Type.Optional(Type.String({ description: 'the path of the request' })),
    errors: Type.Optional(Type.Array(ProblemDetail)),
  },
  { $id: 'Problem', additionalProperties: true, description: 'RFC 9457 problem details' },
);
export type Problem = Static<typeof Problem>;

/** Every problem type: slug -> status and title. The gateway serves this table at /problems. */
export const problemTypes = {
  'bad-request': [400, 'Bad request'],
  'invalid-parameter': [400, 'Invalid query parameter'],
  'unknown-parameter': [400, 'Unknown query parameter'],
  'invalid-body': [400, 'Invalid request body'],
  'malformed-data': [400, 'Malformed data'],
  'empty-data': [400, 'The data set has no records'],
  'unknown-column': [400, 'Unknown column'],
  'unsuitable-column': [400, 'Column of the wrong type'],
  unauthorized: [401, 'Write token required'],
  'cross-site': [403, 'Cross-site request refused'],
  'unknown-process': [404, 'Unknown process'],
  'unknown-plot-type': [400, 'Unknown plot type'],
  'unknown-dataset': [404, 'Unknown data set'],
  'unknown-record': [404, 'Unknown record'],
  'unknown-job': [404, 'Unknown job'],
  'unknown-result': [404, 'Unknown result'],
  'result-not-ready': [404, 'Result not ready'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'Method not allowed'],
  'not-acceptable': [406, 'Not acceptable'],
  'request-timeout': [408, 'Request timeout'],
  conflict: [409, 'Conflict'],
  gone: [410, 'No longer available'],
  'precondition-failed': [412, 'Precondition failed'],
  'body-too-large': [413, 'Request body too large'],
  'uri-too-long': [414, 'URL too long'],
  'unsupported-media-type': [415, 'Unsupported media type'],
  'range-not-satisfiable': [416, 'Range not satisfiable'],
  'job-failed': [422, 'Job failed'],
  'key-reused': [422, 'Idempotency key was used for another request'],
  'too-many-requests': [429, 'Too many requests'],
  'head-too-large': [431, 'Request header too large'],
  internal: [500, 'Internal error'],
  'bad-gateway': [502, 'Service connection lost'],
  unavailable: [503, 'Service unavailable'],
  'store-unavailable': [503, 'Store unavailable'],
  'store-full': [507, 'Store full'],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemType = keyof typeof problemTypes;

export interface ProblemOptions {
  errors?: ProblemDetail[];
  headers?: Record<string, string>;
  /** members of this problem type alone, e.g. `{ maxBytes }` */
  extra?: Record<string, unknown>;
  cause?: unknown;
}

/** An expected failure. The error handler in libs/service sends it as problem+json. */
export class ProblemError extends Error {
  readonly type: ProblemType;
  readonly status: number;
  readonly title: string;
  readonly errors: ProblemDetail[] | undefined;
  readonly headers: Record<string, string>;
  readonly extra: Record<string, unknown>;

  constructor(type: ProblemType, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ProblemError';
    this.type = type;
    [this.status, this.title] = problemTypes[type];
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.extra = options.extra ?? {};
  }

  body(instance?: string): Problem {
    return {
      type: `/problems/${this.type}`,
      title: this.title,
      status: this.status,
      detail: this.detail,
      ...(instance === undefined ? {} : { instance }),
      ...(this.errors === undefined ? {} : { errors: this.errors.slice(0, MOST_ERRORS).map(boundedDetail) }),
      ...this.extra,
    };
  }

  /** The message, cut to the limit: it may repeat what the caller sent. */
  get detail(): string {
    return shownAtMost(this.message, requestLimits.problemDetail.value);
  }
}

const MOST_ERRORS = 20;
const NAME_CHARACTERS = 200;
const boundedDetail = ({ parameter, path, detail }: ProblemDetail): ProblemDetail => ({
  ...(parameter === undefined ? {} : { parameter: shownAtMost(parameter, NAME_CHARACTERS) }),
  ...(path === undefined ? {} : { path: shownAtMost(path, NAME_CHARACTERS) }),
  detail: shownAtMost(detail, requestLimits.problemDetail.value),
});

/** A text cut to at most `characters`, with an ellipsis if it was longer. Surrogate pairs are not split. */
export const shownAtMost = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;

/** A caller's value for a message: quoted, and cut to 80 characters. */
export const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return `'${shownAtMost(text, 80)}'`;
};

/** A parameter's name for a message, cut to 300 characters. */
const cut = (name: string): string => (name.length > 300 ? `${name.slice(0, 297)}...` : name);

// One factory per problem that several places throw. The course dialect shows these texts too, and its replies stay as they are.

export const unknownDataset = (id: string, known: readonly string[] = []) =>
  new ProblemError('unknown-dataset', `There is no data set ${shown(id)}${hint(id, known)}. GET /v1/datasets lists them.`);

export const unknownRecord = (dataset: string, key: string, keyColumn: string | undefined) =>
  new ProblemError(
    'unknown-record',
    `Data set '${dataset}' has no record whose ${keyColumn === undefined ? 'number' : `'${keyColumn}'`} is ${shown(key)}.`,
  );

export const unknownProcess = (id: string, known: readonly string[]) =>
  new ProblemError('unknown-process', `There is no process ${shown(id)}${hint(id, known)}. GET /v1/processes lists them.`);

export const unknownJob = (id: string) =>
  new ProblemError(
    'unknown-job',
    `There is no job ${shown(id)}. It may be old: ended jobs are forgotten in time. GET /v1/jobs lists those known.`,
  );

export const unknownResult = (name: string, known: readonly string[]) =>
  new ProblemError(
    'unknown-result',
    `The job has no result ${shown(name)}${known.length === 0 ? '' : `; it made ${known.join(' and ')}`}.`,
  );

export const unknownColumn = (name: string, columns: readonly string[], parameter?: string) => {
  const near = hint(name, columns);
  return new ProblemError('unknown-column', `There is no column ${shown(name)}${near}.`, {
    ...(parameter === undefined ? {} : { errors: [{ parameter: cut(parameter), detail: `no column ${shown(name)}${near}` }] }),
  });
};

export const unknownParameter = (name: string, known: readonly string[]) => {
  const near = hint(name, known);
  return new ProblemError('unknown-parameter', `Unknown query parameter ${shown(name)}${near}.`, {
    errors: [{ parameter: cut(name), detail: `unknown query parameter${near}` }],
  });
};

export const invalidParameter = (name: string, value: unknown, right: string) =>
  new ProblemError('invalid-parameter', `${cut(name)}=${shown(value)}: ${right}.`, { errors: [{ parameter: cut(name), detail: right }] });

export const bodyTooLarge = (maxBytes: number, advice: string) =>
  new ProblemError(
    'body-too-large',
    `The body is larger than ${maxBytes.toLocaleString('en')} bytes, the limit of this route; ${advice}.`,
    {
      extra: { maxBytes },
    },
  );

export const unsupportedMediaType = (given: string | undefined, supported: readonly string[]) =>
  new ProblemError(
    'unsupported-media-type',
    `Content-Type ${given === undefined ? 'is missing' : shown(given)}${given === undefined ? '' : hint(given, supported)}; supported: ${supported.join(', ')}.`,
    { extra: { supported } },
  );

export const storeUnavailable = (cause?: unknown) =>
  new ProblemError('store-unavailable', 'The store is unavailable. Nothing was changed by this request. Retry shortly.', {
    headers: { 'retry-after': '1' },
    cause,
  });
