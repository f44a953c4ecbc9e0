import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { CourseError, Dataset, Job, LoadReport, Problem, requestLimits } from '@almanac/domain';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyInstance,
  LogController,
  type RawServerDefault,
} from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Type } from 'typebox';
import { type ClientError, refuseConnection } from './client-error.ts';
import { Drain, draining } from './drain.ts';
import { health, type ReadinessCheck } from './health.ts';
import { jsonBodies } from './json-depth.ts';
import { createLogger, type Logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { openapi } from './openapi.ts';
import { prefixes } from './prefix.ts';
import { problems, sendProblem, toProblem } from './problems.ts';
import { requestId, requests } from './requests.ts';
import { tcpGuard } from './tcp-guard.ts';

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>;

export interface AppOptions {
  /** gateway, ingest, query, jobs, renderer */
  service: string;
  version: string;
  description: string;
  logger?: Logger;
  checks?: Readonly<Record<string, ReadinessCheck>>;
  /** reported at /readyz without deciding it */
  neighbours?: Readonly<Record<string, ReadinessCheck>>;
  /** the numbers of the stored contracts this service speaks, e.g. `{ store: 1 }` */
  contracts?: Readonly<Record<string, number>>;
  /** what /openapi.json returns in place of this service's own document; `prefix` is the path under which the caller reached it */
  document?: (prefix: string) => Promise<unknown>;
  /** the few Fastify settings in which services differ: serverFactory, bodyLimit */
  fastify?: Partial<Pick<FastifyHttpOptions<Server>, 'serverFactory' | 'bodyLimit' | 'clientErrorHandler'>>;
}

/** The host every service's app.ts builds on: typed routes, problems, request ids, health, metrics, OpenAPI, drain. */
export async function createApp({
  service,
  version,
  description,
  logger = createLogger(service, 'silent'),
  checks = {},
  neighbours = {},
  contracts = {},
  document,
  fastify = {},
}: AppOptions): Promise<App> {
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    routerOptions: { maxParamLength: 1024 },
    bodyLimit: 1 << 20,
    // A head must arrive within 10 s; a body may take long but not stall (each route that streams sees to that).
    // The head may be larger than at the gateway, which adds lines to it: what the gateway accepts is never refused here.
    http: { headersTimeout: 10_000, maxHeaderSize: requestLimits.serviceHeadBytes.value },
    clientErrorHandler: (error, socket) => refuseConnection(error as ClientError, socket as Socket, requestLimits.serviceHeadBytes.value),
    keepAliveTimeout: 72_000,
    requestTimeout: 0,
    // Naughty input is refused, not bent: types are coerced from URL text only, unknown members stay and are complained about.
    ajv: { customOptions: { coerceTypes: 'array', removeAdditional: false, allErrors: false, verbose: true } },
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, toProblem(error, request)),
    ...fastify,
  }).withTypeProvider<TypeBoxTypeProvider>() as unknown as App;
  for (const shape of [Problem, CourseError, Dataset, LoadReport, Job]) app.addSchema(shape);
  const drain = new Drain();
  await app.register(jsonBodies);
  await app.register(requests);
  await app.register(tcpGuard);
  await app.register(prefixes);
  await app.register(metrics, { service });
  await app.register(problems);
  await app.register(draining, { drain });
  await app.register(openapi, { title: `Almanac ${service}`, version, description, document });
  await app.register(health, { service, version, checks, neighbours, contracts, isDraining: () => drain.isDraining });
  return app;
}

/** A shared shape by name, so that OpenAPI shows `#/components/schemas/Dataset` and the handler's return is still checked. */
export const ref = <T extends TSchema>(id: string, _schema: T) => Type.Unsafe<Static<T>>({ $ref: `${id}#` });
