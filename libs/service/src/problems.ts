import {
  bodyTooLarge,
  courseError,
  hint,
  isCoursePath,
  type Problem,
  type ProblemDetail,
  ProblemError,
  type Problem as ProblemSchema,
  type ProblemType,
  problemTypes,
  shown,
  shownAtMost,
} from '@almanac/domain';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { asStoreProblem } from './redis.ts';
import { NOSNIFF, REQUEST_ID } from './requests.ts';

/** The media type of errors. */
export const PROBLEM_JSON = 'application/problem+json';

/**
 * The response schema of errors: `response: { 200: X, default: problemResponse }`. Without the cast, the content form would be inferred as
 * unknown, and TypeScript would not check the result of the handler.
 */
export const problemResponse = {
  description: 'The error: the value, the rule and the fix (RFC 9457)',
  content: { [PROBLEM_JSON]: { schema: { $ref: 'Problem#' } } },
} as unknown as typeof ProblemSchema;

/** Turns errors into responses. No other place does. */
export const problems = fastifyPlugin(
  async (app: FastifyInstance) => {
    app.setErrorHandler((error: FastifyError, request, reply) => {
      const problem = toProblem(error, request);
      const cause = (problem.cause as Error | undefined) ?? error;
      if (problem.type === 'internal') request.log.error({ err: cause }, problem.message);
      else if (problem.status >= 500) request.log.warn({ problem: problem.type, cause: cause.message }, problem.message);
      return sendProblem(request, reply, problem);
    });
    const paths = new KnownPaths();
    app.addHook('onRoute', (route) => paths.add(route));
    app.setNotFoundHandler((request, reply) => sendProblem(request, reply, paths.problem(request)));
  },
  { name: 'problems' },
);

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: ProblemError): FastifyReply {
  const isCourse = isCoursePath(request.url);
  const body: Problem | ReturnType<typeof courseError> = isCourse ? courseError(problem.detail) : problem.body(`urn:request:${request.id}`);
  dropHeaders(reply);
  // The unread bytes of a refused body would be taken for the next request.
  if (!request.raw.complete && hasBody(request)) reply.header('connection', 'close');
  return reply
    .code(problem.status)
    .headers({ [REQUEST_ID]: request.id, ...NOSNIFF, 'cache-control': 'no-store', ...problem.headers })
    .type(isCourse ? 'application/json' : PROBLEM_JSON)
    .serializer(JSON.stringify)
    .send(body);
}

/** Headers of any response to this request. The others describe the response that failed: its caching, its entity tag. */
const kept: ReadonlySet<string> = new Set([REQUEST_ID, 'connection', 'vary']);

function dropHeaders(reply: FastifyReply): void {
  for (const name of Object.keys(reply.getHeaders())) if (!kept.has(name)) reply.removeHeader(name);
}

const hasBody = (request: FastifyRequest) =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;

export function toProblem(raw: FastifyError, request: FastifyRequest): ProblemError {
  const error = asStoreProblem(raw);
  if (error instanceof ProblemError) return error;
  if (raw.validation !== undefined) return validationProblem(raw, request);
  if (raw.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge(request.routeOptions.bodyLimit, 'send less');
  const known = fastifyProblems[raw.code];
  if (known !== undefined) return new ProblemError(known, raw.message);
  const status = raw.statusCode ?? 500;
  if (status >= 400 && status < 500) return new ProblemError(typeOfStatus(status), raw.message);
  return new ProblemError('internal', 'The service failed. Its log has the cause under this request id.', { cause: raw });
}

const fastifyProblems: Record<string, ProblemType> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid-body',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid-body',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
};

const typeOfStatus = (status: number): ProblemType =>
  (Object.entries(problemTypes).find(([, [code]]) => code === status)?.[0] as ProblemType | undefined) ?? 'bad-request';

/** Translates errors of Ajv: the parameter, its value and the rule. */
function validationProblem(error: FastifyError, request: FastifyRequest): ProblemError {
  const where = error.validationContext ?? 'body';
  const isBody = where === 'body';
  const details = (error.validation ?? []).map((v): ProblemDetail & { value?: unknown; isUnknown: boolean } => {
    const params = v.params as { additionalProperty?: string; missingProperty?: string; allowedValues?: string[] };
    const extra = params.additionalProperty;
    const path =
      v.instancePath +
      ((extra ?? params.missingProperty === undefined) ? (extra === undefined ? '' : `/${extra}`) : `/${params.missingProperty}`);
    const value = valueAt(isBody ? request.body : where === 'params' ? request.params : request.query, path);
    const allowed = params.allowedValues === undefined ? '' : hint(String(value), params.allowedValues);
    const text =
      extra !== undefined
        ? `is unknown${hint(extra, knownNames((v as { parentSchema?: unknown }).parentSchema))}`
        : `${v.message ?? 'is invalid'}${allowed}`;
    return {
      ...(isBody ? { path } : { parameter: path.slice(1) }),
      detail: extra === undefined && value !== undefined ? `${shown(value)} ${text}` : text,
      isUnknown: extra !== undefined,
    };
  });
  const first = details[0];
  const type: ProblemType = isBody ? 'invalid-body' : details.some((d) => d.isUnknown) ? 'unknown-parameter' : 'invalid-parameter';
  const name = shownAtMost(first?.parameter ?? first?.path ?? '', 200);
  return new ProblemError(type, `${name === '' ? 'The body' : name}: ${first?.detail ?? error.message}.`, {
    errors: details.map(({ isUnknown: _, ...detail }) => detail),
  });
}

const knownNames = (schema: unknown): string[] => Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const step of pointer.split('/').slice(1))
    value = (value as Record<string, unknown> | undefined | null)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  return value;
}

/** The methods and paths of all routes, collected as they are added, to distinguish a wrong method (405) from a wrong path (404). */
class KnownPaths {
  readonly #patterns: { method: string; pattern: RegExp }[] = [];

  add({ method, url }: { method: string | string[]; url: string }): void {
    const source = url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/');
    for (const m of [method].flat()) this.#patterns.push({ method: m, pattern: new RegExp(`^${source}$`) });
  }

  methodsOf(path: string): string[] {
    return [...new Set(this.#patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
  }

  problem(request: FastifyRequest): ProblemError {
    const path = request.url.split('?')[0] as string;
    const allow = this.methodsOf(path).join(', ');
    if (allow === '') return new ProblemError('not-found', `There is nothing at ${shown(path)}. GET /help lists every route.`);
    return new ProblemError('method-not-allowed', `${request.method} is not allowed on ${shown(path)}. Allowed: ${allow}.`, {
      headers: { allow },
    });
  }
}
