import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { Type } from 'typebox';

/** Resolves if the dependency works, else rejects with the reason. */
export type ReadinessCheck = () => Promise<void>;

export interface HealthOptions {
  service: string;
  version: string;
  checks: Readonly<Record<string, ReadinessCheck>>;
  /** reported as warnings only: services that may be unavailable while this one still works */
  neighbours?: Readonly<Record<string, ReadinessCheck>>;
  /** versions of the stored contracts that this service reads and writes, for upgrades of one service at a time */
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

/** /livez: the process runs. /readyz: the service can work now (503 while it starts, drains or lacks a dependency). */
export const health = fastifyPlugin(
  async (app: FastifyInstance, { service, version, checks, neighbours = {}, contracts, isDraining }: HealthOptions) => {
    const schema = (summary: string) => ({ summary, tags: ['health'], response: { 200: healthResponse, 503: healthResponse } });
    app.get(
      '/livez',
      { schema: { ...schema('Check that the process runs'), operationId: `livez-${service}` }, logLevel: 'warn' },
      async (_, reply) => reply.type(HEALTH_JSON).send({ status: 'pass', service, version }),
    );
    app.get(
      '/readyz',
      { schema: { ...schema('Check that the service is ready'), operationId: `readyz-${service}` }, logLevel: 'warn' },
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
