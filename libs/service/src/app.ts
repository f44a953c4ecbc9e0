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
  /** reported at /readyz, but a failure does not make the service unready */
  neighbours?: Readonly<Record<string, ReadinessCheck>>;
  /** the versions of the stored contracts that this service reads and writes, e.g. `{ store: 1 }` */
  contracts?: Readonly<Record<string, number>>;
  /** returns the document for /openapi.json instead of this service's own; `prefix` is the path under which the caller reached it */
  document?: (prefix: string) => Promise<unknown>;
  /** the Fastify settings that differ between services */
  fastify?: Partial<Pick<FastifyHttpOptions<Server>, 'serverFactory' | 'bodyLimit' | 'clientErrorHandler'>>;
}

/** Creates the Fastify instance of a service: typed routes, problems, request ids, health, metrics, OpenAPI, drain. */
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
    // A head must arrive within 10 s; a body may take long but not stall (each streaming route checks that).
    // The head may be larger than at the gateway, because the gateway adds lines to it.
    http: { headersTimeout: 10_000, maxHeaderSize: requestLimits.serviceHeadBytes.value },
    clientErrorHandler: (error, socket) => refuseConnection(error as ClientError, socket as Socket, requestLimits.serviceHeadBytes.value),
    keepAliveTimeout: 72_000,
    requestTimeout: 0,
    // Types are coerced for URL text only. Unknown members are an error, not removed.
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

/** A reference to a shared schema: OpenAPI shows `#/components/schemas/Dataset`, and TypeScript still checks the handler's result. */
export const ref = <T extends TSchema>(id: string, _schema: T) => Type.Unsafe<Static<T>>({ $ref: `${id}#` });
