import { Readable } from 'node:stream';
import { type CourseSettings, DatasetParameter, type MakingRoute, type Profile, profiles } from '@almanac/profiles';
import { callerOf, courseResponses, documentedBody, jsonObjectIn, sendJsonText, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { readBody } from '../../body/read-body.ts';
import type { Context } from '../../context.ts';
import { loadStream } from '../../load/load-body.ts';
import { datasetOf } from './course-request.ts';

/** Limit of such a body, which holds only a few parameters. */
const MAX_BYTES = 64 * 1024;

/** Mounts the routes with which profiles make records themselves. */
export const makeRecords: FastifyPluginAsyncTypebox<{ context: Context; course: CourseSettings }> = async (app, { context, course }) => {
  for (const { profile, route } of makingRoutes(course.defaultProfile)) {
    app.post(
      route.path,
      {
        schema: {
          tags: ['course'],
          operationId: `coursePost${route.path.replace(/\W+(\w)/g, (_, first: string) => first.toUpperCase())}`,
          summary: route.summary,
          querystring: Type.Object({ dataset: DatasetParameter }),
          ...documentedBody({ required: false, content: { 'application/json': { schema: route.body } } }),
          response: courseResponses('json'),
        },
        validatorCompiler: skipValidation,
      },
      async (request, reply) => {
        const made = route.records(await jsonIn(request, context));
        await loadMade(request, profile, made);
        const { status, text } = route.respond(made) as Extract<ReturnType<MakingRoute['respond']>, { text: string }>;
        return sendJsonText(reply, text, status);
      },
    );
  }

  async function loadMade(request: FastifyRequest, profile: Profile, made: readonly unknown[]): Promise<void> {
    const defaultDataset = course.defaultProfile === profile ? course.defaultDataset : profile.id;
    const bytes = Buffer.from(JSON.stringify(made));
    const incoming = { body: Readable.from([bytes]), contentType: 'application/json', bytes: bytes.length, caller: callerOf(request.raw) };
    await loadStream(app, request.log, context, incoming, { dataset: datasetOf(request, { defaultDataset }), title: profile.title });
  }
};

/** One route for each path: if several profiles declare it, the profile of the default data set wins. */
function makingRoutes(defaultProfile: Profile): Iterable<{ profile: Profile; route: MakingRoute }> {
  const byPath = new Map<string, { profile: Profile; route: MakingRoute }>();
  for (const profile of [defaultProfile, ...profiles]) {
    for (const route of profile.routes)
      if (route.service === 'ingest' && !byPath.has(route.path)) byPath.set(route.path, { profile, route });
  }
  return byPath.values();
}

async function jsonIn(request: FastifyRequest, { limits }: Context): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readBody(request.raw, { ...limits, maxBytes: MAX_BYTES }, { bytes: 0 })) chunks.push(chunk);
  return jsonObjectIn(Buffer.concat(chunks), '{"seed": 7}');
}
