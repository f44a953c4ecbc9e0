import { Link } from '@almanac/domain';
import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { describe } from '../describe.ts';

const Processes = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      version: Type.String(),
      title: Type.String(),
      description: Type.String(),
      outputs: Type.Array(Type.String()),
      links: Type.Array(Link),
    }),
  ),
  numberReturned: Type.Integer(),
  numberMatched: Type.Integer(),
  links: Type.Array(Link),
});

export const listProcesses: FastifyPluginAsyncTypebox<Context> = async (app, { registry }) => {
  app.get(
    '/v1/processes',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'listProcesses',
        summary: 'List the processes that jobs can run',
        description: describe([], 'http://localhost:5000/v1/processes'),
        response: { 200: Processes, default: problemResponse },
      },
    },
    async () => {
      const items = (await registry.all()).map(({ id, version, title, description, Outputs }) => ({
        id,
        version,
        title,
        description,
        outputs: [...Outputs],
        links: [{ rel: 'self', href: `/v1/processes/${id}` }],
      }));
      return { items, numberReturned: items.length, numberMatched: items.length, links: [{ rel: 'self', href: '/v1/processes' }] };
    },
  );
};
