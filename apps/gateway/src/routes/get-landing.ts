import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { baseOf } from '../pages/base.ts';
import { firstSteps, shortHelp } from '../pages/help.ts';
import { sendPage, wantsHtml } from '../pages/html.ts';
import { landingPage } from '../pages/landing.ts';
import { landingData } from '../pages/landing-data.ts';
import type { ServiceName } from '../routes.ts';
import type { Upstream } from '../upstream/upstream.ts';

interface Context {
  upstreams: Readonly<Record<ServiceName, Upstream>>;
}

/** The whole default data set may be some megabytes. */
const WHOLE_MS = 10_000;

/** GET /: a page for a browser; for anything else what the default data set shows here, or a few commands where that is nothing. */
export const getLanding: FastifyPluginAsyncTypebox<Context> = async (app, { upstreams }) => {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const base = baseOf(request);
    if (!wantsHtml(request.headers.accept)) {
      const shown = await upstreams.query.get(request.url, { timeoutMs: WHOLE_MS }).catch(() => undefined);
      if (shown?.status === 200) return reply.type('application/json').header('vary', 'accept').send(shown.body);
      return reply
        .type('text/plain; charset=utf-8')
        .header('vary', 'accept')
        .send(shortHelp(base, firstSteps(base)));
    }
    const data = await landingData(upstreams);
    return sendPage(reply, landingPage({ ...data, commands: firstSteps(base, data.datasets?.[0]?.id) }));
  });
};
