import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { Type } from 'typebox';

/** Resolves when the thing works, rejects with the reason when it does not. */
export type ReadinessCheck = () => Promise<void>;

export interface HealthOptions {
  service: string;
  version: string;
  checks: Readonly<Record<string, ReadinessCheck>>;
  /** what is reported with the checks but does not decide: services that may be away while this one still does its work */
  neighbours?: Readonly<Record<string, ReadinessCheck>>;
  /** numbers of the stored contracts this service reads and writes, for upgrades one service at a time */
  contracts: Readonly<Record<string, number>>;
  isDraining: () => boolean;
}

const Check = Type.Object({ status: Type.Enum(['pass', 'warn', 'fail']), output: Type.Optional(Type.String()) });
export const Health = Type.Object({
  status: Type.Enum(['pass', 'fail']),
  service: Type.String(),
  version: Type.String(),
  contracts: Type.Optional(Type.Record(Type.String(), Type.Integer())),
  checks: Type.Optional(Type.Record(Type.String(), Check)),
});

const HEALTH_JSON = 'application/health+json';
const healthResponse = {
  description: 'Health (draft-inadarei-api-health-check)',
  content: { [HEALTH_JSON]: { schema: Health } },
} as unknown as typeof Health;

/** /livez: the process answers. /readyz: it can do its work now (503 while starting, draining or without what it needs). */
export const health = fastifyPlugin(
  async (app: FastifyInstance, { service, version, checks, neighbours = {}, contracts, isDraining }: HealthOptions) => {
    const schema = (summary: string) => ({ summary, tags: ['health'], response: { 200: healthResponse, 503: healthResponse } });
    app.get(
      '/livez',
      { schema: { ...schema('Whether the process answers'), operationId: `livez-${service}` }, logLevel: 'warn' },
      async (_, reply) => reply.type(HEALTH_JSON).send({ status: 'pass', service, version }),
    );
    app.get(
      '/readyz',
      { schema: { ...schema('Whether the service can do its work now'), operationId: `readyz-${service}` }, logLevel: 'warn' },
      async (_, reply) => {
        const results = Object.fromEntries(
          await Promise.all([
            ...Object.entries(checks).map(async ([name, check]) => [name, await run(check, 'fail')]),
            ...Object.entries(neighbours).map(async ([name, check]) => [name, await run(check, 'warn')]),
          ]),
        );
        if (isDraining()) results.draining = { status: 'fail', output: 'the service is stopping' };
        const isReady = Object.values(results as Record<string, { status: string }>).every((r) => r.status !== 'fail');
        reply.code(isReady ? 200 : 503).type(HEALTH_JSON);
        if (!isReady) reply.header('retry-after', '1');
        return reply.send({ status: isReady ? 'pass' : 'fail', service, version, contracts, checks: results });
      },
    );
  },
  { name: 'health' },
);

async function run(check: ReadinessCheck, bad: 'fail' | 'warn'): Promise<{ status: 'pass' | 'warn' | 'fail'; output?: string }> {
  try {
    await check();
    return { status: 'pass' };
  } catch (error) {
    return { status: bad, output: error instanceof Error ? error.message : String(error) };
  }
}
