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
import type { CourseSets } from '../../course/course-sets.ts';
import { recordSet } from '../../course/record-set.ts';
import { sendAnswer } from '../../course/send-answer.ts';

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

/** Mounts every reading route of every profile. Where several claim a path, the data set asked decides. */
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
        await answer(request, reply, claims, options);
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

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  claims: readonly Claim[],
  { context, sets, edition, place }: ProfileRoutesOptions,
): Promise<void> {
  const query = lastValues(request.query);
  const params = request.params as Record<string, string>;
  const asked = isCoursePath(request.url) ? datasetAsked(query) : params.id;
  const { profile, route } = await chosen(claims, sets, asked);
  const { id, copy } = await sets.of(profile, asked);
  const set = copy === undefined ? emptySet(id) : recordSet(copy, searchesOf(context, request));
  sendAnswer(context, request, reply, await route.answer({ params, query, set, now: new Date(), edition, place }), copy);
}

/** The profile's route that a path stands for: that of the data set asked, which is the default one where none is named. */
async function chosen(claims: readonly Claim[], sets: CourseSets, asked: string | undefined): Promise<Claim> {
  const [first] = claims as [Claim];
  if (claims.length === 1 && first.route.isEverybodys !== true) return first;
  const { id, profile } = await sets.general(asked);
  const claim = claims.find((one) => one.profile === profile);
  if (claim !== undefined) return claim;
  if (first.route.isEverybodys !== true) return first;
  throw new ProblemError('not-found', `Data set '${id}' has nothing to show here. GET /help lists every route.`);
}
