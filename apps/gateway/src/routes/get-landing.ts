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

/** GET /: a page for a browser, a few commands for anything else. */
export const getLanding: FastifyPluginAsyncTypebox<Context> = async (app, { upstreams }) => {
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const base = baseOf(request);
    if (!wantsHtml(request.headers.accept)) {
      return reply
        .type('text/plain; charset=utf-8')
        .header('vary', 'accept')
        .send(shortHelp(base, firstSteps(base)));
    }
    const data = await landingData(upstreams);
    return sendPage(reply, landingPage({ ...data, commands: firstSteps(base, data.datasets?.[0]?.id) }));
  });
};
