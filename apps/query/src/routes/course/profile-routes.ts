import { isCoursePath, ProblemError } from '@almanac/domain';
import {
  DatasetParameter,
  datasetAsked,
  type Edition,
  emptySet,
  lastValues,
  type Place,
  type Profile,
  profiles,
  type ReadingRoute,
} from '@almanac/profiles';
import { courseResponses, problemResponse, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TProperties, Type } from 'typebox';
import { type Context, searchesOf } from '../../context.ts';
import type { CourseSets, FoundSet } from '../../dialect/course-sets.ts';
import { recordSet } from '../../dialect/record-set.ts';
import { sendResponse } from '../../dialect/send-response.ts';

export interface ProfileRoutesOptions {
  context: Context;
  sets: CourseSets;
  edition: Edition;
  place(latitudeDeg: number, longitudeDeg: number): Promise<Place>;
}

interface Claim {
  profile: Profile;
  route: ReadingRoute;
}

/** Mounts every reading route of every profile. If several claim a path, the requested data set decides. */
export const profileRoutes: FastifyPluginAsyncTypebox<ProfileRoutesOptions> = async (app, options) => {
  for (const claims of claimsByPath()) {
    const [{ route }] = claims as [Claim];
    const isCourse = isCoursePath(route.path);
    app.get(
      route.path,
      {
        schema: {
          tags: [isCourse ? 'course' : 'data'],
          operationId: operationIdOf(route.path),
          summary: route.summary,
          ...(route.description === undefined ? {} : { description: route.description }),
          params: paramsOf(route),
          querystring: Type.Object({
            ...(isCourse ? { dataset: DatasetParameter } : {}),
            ...(route.query?.properties as TProperties | undefined),
          }),
          response: isCourse ? courseResponses('json', 'text') : { 200: Type.Any(), default: problemResponse },
        },
        validatorCompiler: skipValidation,
      },
      async (request, reply) => {
        await respond(request, reply, claims, options);
        return reply;
      },
    );
  }
};

function claimsByPath(): Claim[][] {
  const byPath = new Map<string, Claim[]>();
  for (const profile of profiles) {
    for (const route of profile.routes) {
      if (route.service === 'query') byPath.set(route.path, [...(byPath.get(route.path) ?? []), { profile, route }]);
    }
  }
  return [...byPath.values()];
}

/** The parts of the path that have a name, each with its value in the route's example. */
function paramsOf({ path, example }: ReadingRoute) {
  const pattern = path.replace(/:(\w+)/g, (_, name: string) => `(?<${name}>[^/?" ]+)`);
  const values = new RegExp(`\\$BASE${pattern}`).exec(example)?.groups ?? {};
  return Type.Object(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Type.String({ examples: [value] })])));
}

/** /epochs/:epoch/speed -> courseGetEpochsEpochSpeed */
const operationIdOf = (path: string): string =>
  `courseGet${path
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')}`;

async function respond(
  request: FastifyRequest,
  reply: FastifyReply,
  claims: readonly Claim[],
  { context, sets, edition, place }: ProfileRoutesOptions,
): Promise<void> {
  const query = lastValues(request.query);
  const params = request.params as Record<string, string>;
  const asked = isCoursePath(request.url) ? datasetAsked(query) : params.id;
  const { route, id, copy } = await chosen(claims, sets, asked);
  const set = copy === undefined ? emptySet(id) : recordSet(copy, searchesOf(context, request));
  sendResponse(context, request, reply, await route.respond({ params, query, set, now: new Date(), edition, place }), copy);
}

/** The route that a path stands for and its data set: if several profiles claim the path, the profile of the requested set decides. */
async function chosen(claims: readonly Claim[], sets: CourseSets, asked: string | undefined): Promise<FoundSet & { route: ReadingRoute }> {
  const [first] = claims as [Claim];
  const isShared = first.route.isSharedPath === true;
  if (claims.length > 1 || isShared) {
    const found = await sets.general(asked);
    const claim = claims.find(({ profile }) => profile === found.profile);
    if (claim !== undefined) return { ...found, route: claim.route };
    if (isShared) throw new ProblemError('not-found', `Data set '${found.id}' has nothing to show here. GET /help lists every route.`);
  }
  return { ...(await sets.of(first.profile, asked)), route: first.route };
}
