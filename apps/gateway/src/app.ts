import type { Socket } from 'node:net';
import { requestLimits } from '@almanac/domain';
import { type App, type ClientError, createApp, createLogger, type Logger, refuseConnection } from '@almanac/service';
import manifest from '../package.json' with { type: 'json' };
import { registerAccessMetrics } from './access/access-metrics.ts';
import { AccessPolicy, type AccessSettings } from './access/access-policy.ts';
import { checkedBasePath } from './access/public-address.ts';
import { routes } from './map.ts';
import type { OpenApi } from './openapi/document.ts';
import { Documents } from './openapi/documents.ts';
import { getDocs } from './pages/get-docs.ts';
import { getHello } from './pages/get-hello.ts';
import { getHelloName } from './pages/get-hello-name.ts';
import { getHelp } from './pages/get-help.ts';
import { getLanding } from './pages/get-landing.ts';
import { getProblem } from './pages/get-problem.ts';
import { listProblems } from './pages/list-problems.ts';
import { parseTargets } from './proxy/address.ts';
import { HeldBytes } from './proxy/held-bytes.ts';
import { defaultLimits, type Limits } from './proxy/limits.ts';
import { registerProxyMetrics } from './proxy/proxy-metrics.ts';
import { StallWatch } from './proxy/stall-watch.ts';
import { Upstream } from './proxy/upstream.ts';
import { type ServiceName, serviceNames } from './route.ts';
import { createGatewayServer } from './server/gateway-server.ts';
import { RouteFinder } from './server/route-finder.ts';

export interface GatewayOptions {
  /** the address of each service: `unix:<path>` or http://host:port, several separated by commas */
  services: Readonly<Record<ServiceName, string>>;
  logger?: Logger;
  limits?: Partial<Limits>;
  access?: AccessSettings;
  /** PUBLIC_BASE_PATH, as prefixOf of libs/service returns it */
  basePath?: string;
}

/** The one public service: it forwards each request to the service that owns its route, or handles it itself. */
export async function buildApp({
  services,
  logger = createLogger('gateway', 'silent'),
  limits: given = {},
  access: settings = {},
  basePath = '',
}: GatewayOptions): Promise<App> {
  const access = new AccessPolicy(settings);
  const limits = { ...defaultLimits, ...given };
  const held = new HeldBytes(limits.heldBytes);
  const open = (name: ServiceName) => new Upstream(name, parseTargets(`ALMANAC_${name.toUpperCase()}_URL`, services[name]), limits, held);
  const upstreams = { ingest: open('ingest'), query: open('query'), jobs: open('jobs') };
  const watch = new StallWatch(limits);
  const finder = new RouteFinder(routes);
  // Both read `app` when a request arrives, which is after it is created.
  const isDraining = () => app.drain.isDraining;
  // Its type is a union over all versions of OpenAPI; libs/service makes 3.1.
  const documents = new Documents(Object.values(upstreams), () => app.swagger() as unknown as OpenApi, access);
  const app: App = await createApp({
    service: 'gateway',
    version: manifest.version,
    description: 'The public API of Almanac: all routes of all services, and the pages that document them.',
    logger,
    neighbours: {
      ...Object.fromEntries(serviceNames.map((name) => [name, () => upstreams[name].ready()])),
      // A warning only: if one client uses all connections, the pod must still serve the other clients.
      connections: async () => {
        const short = Object.values(upstreams).flatMap((upstream) => upstream.shortages());
        if (short.length > 0) throw new Error(short.join('; '));
      },
    },
    document: async (prefix) => ({ ...(await documents.merged()), ...(prefix === '' ? {} : { servers: [{ url: prefix }] }) }),
    fastify: {
      serverFactory: (own) =>
        createGatewayServer(own, {
          finder,
          upstreams,
          limits,
          watch,
          held,
          logger,
          isDraining,
          access,
          basePath: checkedBasePath(basePath, routes),
        }),
      clientErrorHandler: (error, socket) => refuseConnection(error as ClientError, socket as Socket, requestLimits.headBytes.value),
    },
  });
  for (const pages of [getLanding, getHelp, getDocs, listProblems, getProblem, getHello, getHelloName])
    await app.register(pages, { upstreams, access });
  registerProxyMetrics(app, Object.values(upstreams), watch);
  registerAccessMetrics(app, access);
  app.addHook('onClose', async () => {
    watch.close();
    for (const upstream of Object.values(upstreams)) upstream.close();
  });
  return app;
}
