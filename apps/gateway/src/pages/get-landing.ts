import { ProblemError } from '@almanac/domain';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { AccessPolicy } from '../access/access-policy.ts';
import { baseOf } from '../access/public-address.ts';
import type { Upstream } from '../proxy/upstream.ts';
import type { ServiceName } from '../route.ts';
import { firstSteps, shortHelp } from './help-text.ts';
import { sendPage, wantsHtml } from './html.ts';
import { LandingReader } from './landing-data.ts';
import { landingPage } from './landing-page.ts';

interface Context {
  upstreams: Readonly<Record<ServiceName, Upstream>>;
  access: AccessPolicy;
}

/** Longer than query waits for a source that is being loaded (60 s), so that query's own error is returned. */
const WHOLE_MS = 70_000;

/** GET /: a page for a browser; for other clients the root route of the default data set, or a few commands if it has none. */
export const getLanding: FastifyPluginAsyncTypebox<Context> = async (app, { upstreams, access }) => {
  const landing = new LandingReader(upstreams);
  const needsToken = access.tokens !== undefined;
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    const base = baseOf(request);
    if (!wantsHtml(request.headers.accept)) {
      reply.header('vary', 'accept');
      const { status, headers, body } = await upstreams.query.get(request.url, { timeoutMs: WHOLE_MS }).catch(unavailable);
      if (status === 404) return reply.type('text/plain; charset=utf-8').send(shortHelp(base, firstSteps(base, undefined, needsToken)));
      const { 'retry-after': retryAfter } = headers;
      if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
      return reply.code(status).type('application/json').send(body);
    }
    const data = await landing.read();
    return sendPage(
      reply,
      landingPage({ ...data, prefix: request.prefix, commands: firstSteps(base, data.datasets?.[0]?.id, needsToken) }),
    );
  });
};

const unavailable = (cause: Error): never => {
  throw new ProblemError('unavailable', 'The service query is unavailable. Retry shortly.', {
    headers: { 'retry-after': '1' },
    cause,
  });
};
