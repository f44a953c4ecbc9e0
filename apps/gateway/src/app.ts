import type { Socket } from 'node:net';
import { requestLimits } from '@almanac/domain';
import { type App, type ClientError, createApp, createLogger, type Logger, refuseConnection } from '@almanac/service';
import manifest from '../package.json' with { type: 'json' };
import { Door, type DoorSettings } from './door/door.ts';
import { showDoor } from './door/metrics.ts';
import { StallWatch } from './front/body.ts';
import { createFront } from './front/front.ts';
import { checkedBasePath } from './front/public-address.ts';
import type { OpenApi } from './openapi/document.ts';
import { Documents } from './openapi/documents.ts';
import { type ServiceName, serviceNames } from './route.ts';
import { RouteFinder } from './router.ts';
import { getDocs } from './routes/get-docs.ts';
import { getHello } from './routes/get-hello.ts';
import { getHelp } from './routes/get-help.ts';
import { getLanding } from './routes/get-landing.ts';
import { getProblems } from './routes/get-problems.ts';
import { routes } from './routes.ts';
import { parseTargets } from './upstream/address.ts';
import { HeldBytes } from './upstream/held-bytes.ts';
import { defaultLimits, type Limits } from './upstream/limits.ts';
import { showMetrics } from './upstream/metrics.ts';
import { Upstream } from './upstream/upstream.ts';

export interface GatewayOptions {
  /** where each service is: `unix:<path>` or http://host:port, several between commas */
  services: Readonly<Record<ServiceName, string>>;
  logger?: Logger;
  limits?: Partial<Limits>;
  door?: DoorSettings;
  /** PUBLIC_BASE_PATH, as prefixOf of libs/service returns it */
  basePath?: string;
}

/** The one public door: what belongs to a service goes there, the rest is answered here. */
export async function buildApp({
  services,
  logger = createLogger('gateway', 'silent'),
  limits: given = {},
  door: settings = {},
  basePath = '',
}: GatewayOptions): Promise<App> {
  const door = new Door(settings);
  const limits = { ...defaultLimits, ...given };
  const held = new HeldBytes(limits.heldBytes);
  const open = (name: ServiceName) => new Upstream(name, parseTargets(`ALMANAC_${name.toUpperCase()}_URL`, services[name]), limits, held);
  const upstreams = { ingest: open('ingest'), query: open('query'), jobs: open('jobs') };
  const watch = new StallWatch(limits);
  const finder = new RouteFinder(routes);
  // Both are asked only while requests come, which is after the app is there.
  const isDraining = () => app.drain.isDraining;
  // Its type is a union over all versions of OpenAPI; libs/service makes 3.1.
  const documents = new Documents(Object.values(upstreams), () => app.swagger() as unknown as OpenApi, door);
  const app: App = await createApp({
    service: 'gateway',
    version: manifest.version,
    description: 'The public door of Almanac: every route of every service, and the pages that explain them.',
    logger,
    neighbours: {
      ...Object.fromEntries(serviceNames.map((name) => [name, () => upstreams[name].ready()])),
      // Reported, not decisive: what one client uses up must not take the pod away from all others.
      connections: async () => {
        const short = Object.values(upstreams).flatMap((upstream) => upstream.shortages());
        if (short.length > 0) throw new Error(short.join('; '));
      },
    },
    document: async (prefix) => ({ ...(await documents.merged()), ...(prefix === '' ? {} : { servers: [{ url: prefix }] }) }),
    fastify: {
      serverFactory: (own) =>
        createFront(own, { finder, upstreams, limits, watch, held, logger, isDraining, door, basePath: checkedBasePath(basePath, routes) }),
      clientErrorHandler: (error, socket) => refuseConnection(error as ClientError, socket as Socket, requestLimits.headBytes.value),
    },
  });
  for (const pages of [getLanding, getHelp, getDocs, getProblems, getHello]) await app.register(pages, { upstreams, door });
  showMetrics(app, Object.values(upstreams), watch);
  showDoor(app, door);
  app.addHook('onClose', async () => {
    watch.close();
    for (const upstream of Object.values(upstreams)) upstream.close();
  });
  return app;
}
