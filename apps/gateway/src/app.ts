import { type App, createApp, createLogger, type Logger } from '@almanac/service';
import { StallWatch } from './front/body.ts';
import { createFront } from './front/front.ts';
import { refuseConnection } from './front/refuse.ts';
import { RouteFinder } from './router.ts';
import { routes, type ServiceName, serviceNames } from './routes.ts';
import { parseTargets } from './upstream/address.ts';
import { defaultLimits, type Limits } from './upstream/limits.ts';
import { showMetrics } from './upstream/metrics.ts';
import { Upstream } from './upstream/upstream.ts';

export const version = '0.1.0';

export interface GatewayOptions {
  /** where each service is: `unix:<path>` or http://host:port, several between commas */
  services: Readonly<Record<ServiceName, string>>;
  logger?: Logger;
  limits?: Partial<Limits>;
}

/** The one public door: what belongs to a service goes there, the rest is answered here. */
export async function buildApp({ services, logger = createLogger('gateway', 'silent'), limits: given = {} }: GatewayOptions): Promise<App> {
  const limits = { ...defaultLimits, ...given };
  const open = (name: ServiceName) => new Upstream(name, parseTargets(`ALMANAC_${name.toUpperCase()}_URL`, services[name]), limits);
  const upstreams = { ingest: open('ingest'), query: open('query'), jobs: open('jobs') };
  const watch = new StallWatch(limits.stallMs);
  const finder = new RouteFinder(routes);
  let app: App | undefined;
  const isDraining = () => app?.drain.isDraining ?? false;
  app = await createApp({
    service: 'gateway',
    version,
    description: 'The public door of Almanac: every route of every service, and the pages that explain them.',
    logger,
    neighbours: Object.fromEntries(serviceNames.map((name) => [name, () => upstreams[name].ready()])),
    fastify: {
      serverFactory: (own) => createFront(own, { finder, upstreams, limits, watch, logger, isDraining }),
      clientErrorHandler: refuseConnection,
    },
  });
  showMetrics(app, Object.values(upstreams));
  app.addHook('onClose', async () => {
    watch.close();
    for (const upstream of Object.values(upstreams)) upstream.close();
  });
  return app;
}
