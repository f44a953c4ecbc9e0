import { ProblemError } from '@almanac/domain';
import { type CourseSettings, DatasetParameter, expectedProfile, generic, profileIds } from '@almanac/profiles';
import { courseResponses, skipValidation } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { loadRequestBody } from '../../load/load-body.ts';
import { loadSource } from '../../source/load-source.ts';
import { optionalFileBody } from '../v1/load-request.ts';
import { datasetOf, hasBody } from './course-request.ts';

export const postData: FastifyPluginAsyncTypebox<{ context: Context; course: CourseSettings }> = async (app, { context, course }) => {
  const load = async (request: FastifyRequest): Promise<void> => {
    const dataset = datasetOf(request, course);
    if (await hasBody(request, context.limits)) {
      await loadRequestBody(app, request, context, { dataset });
      return;
    }
    const profile = expectedProfile(dataset, course);
    if (profile === generic) {
      throw new ProblemError(
        'bad-request',
        `Data set '${dataset}' has no source of its own: send the records as the body, or name one of ${profileIds.join(', ')} by ?dataset=.`,
      );
    }
    await loadSource(app, request.log, context, { dataset, profile });
  };

  for (const [path, operationId, summary, words] of [
    ['/data', 'coursePostData', 'Load the data set from its source, or from the records in the body', 'Data loaded\n'],
    ['/post-data', 'coursePostDataAgain', 'Load the data set from its source again', 'Data refreshed\n'],
  ] as const) {
    app.post(
      path,
      {
        schema: {
          tags: ['course'],
          operationId,
          summary,
          description: 'Replaces the records when the load is complete. If the load fails, the previous records stay.',
          querystring: Type.Object({ dataset: DatasetParameter }),
          ...optionalFileBody,
          response: courseResponses('text'),
        },
        validatorCompiler: skipValidation,
      },
      async (request, reply: FastifyReply) => {
        await load(request);
        return reply.type('text/plain; charset=utf-8').send(words);
      },
    );
  }
};
