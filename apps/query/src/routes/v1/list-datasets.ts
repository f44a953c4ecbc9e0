import { readLimits } from '@almanac/domain';
import { etagOf, isKnown, linkHeader, problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { DatasetList } from '../../datasets/dataset-list.ts';
import { DatasetSummary, summarise, type Text } from '../../datasets/describe.ts';
import { underPrefix } from '../../datasets/under-prefix.ts';
import { VersionCache } from '../../datasets/version-cache.ts';
import { pageLinks } from '../../http/page-links.ts';
import { sendUnchanged } from '../../http/send.ts';
import { listOf, sendJson } from '../../http/send-json.ts';
import { TimeSlice } from '../../time-slice.ts';
import { pageOf, pageParameters, pageQuestion, Unchanged } from './schemas.ts';

export const listDatasets: FastifyPluginAsyncTypebox<Context> = async (app, context) => {
  const list = new DatasetList(context.redis);
  const summaries = new VersionCache<Text>(context.redis, context.reader, summarise);
  app.get(
    '/v1/datasets',
    {
      schema: {
        tags: ['data'],
        operationId: 'listDatasets',
        summary: 'List the data sets',
        description: '```\ncurl http://localhost:5000/v1/datasets\n```',
        querystring: Type.Object(pageParameters, { additionalProperties: false }),
        response: { 200: Type.Object({ items: Type.Array(DatasetSummary), ...pageOf }), 304: Unchanged, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { limit, offset } = pageQuestion(request.query);
      const ids = await list.ids();
      const page = await pageOfSummaries(summaries, ids.slice(offset, offset + limit));
      const links = pageLinks(request.prefix + request.url, {
        limit,
        offset,
        matched: ids.length,
        ...(page.isEarly ? { returned: page.visited } : {}),
      });
      const etag = etagOf('list', `${request.prefix}${request.url} ${ids.length} ${page.versions.join()}`);
      const headers = { etag, vary: 'accept', 'cache-control': 'no-cache', link: linkHeader(links) };
      if (isKnown(request.headers['if-none-match'], etag)) sendUnchanged(reply, headers);
      else {
        const envelope = { numberReturned: page.items.length, numberMatched: ids.length, links };
        const items = page.items.map((item) => underPrefix(item, request.prefix));
        sendJson(context, request, reply, headers, listOf(items, envelope));
      }
      return reply;
    },
  );
};

/** The summaries of as many data sets as fit on a page. `visited`: the number of ids read; one that was deleted meanwhile has no summary. */
async function pageOfSummaries(summaries: VersionCache<Text>, ids: readonly string[]) {
  const timeSlice = new TimeSlice();
  const items: Buffer[] = [];
  const versions: string[] = [];
  let bytes = 0;
  let visited = 0;
  for (const group of groupsOf(ids)) {
    for (const [i, summary] of (await Promise.all(group.map((id) => summaries.get(id)))).entries()) {
      bytes += summary?.json.length ?? 0;
      if (items.length > 0 && bytes > readLimits.listPageBytes.value) return { items, versions, visited, isEarly: true };
      visited++;
      if (summary === undefined) continue;
      items.push(summary.json);
      versions.push(`${group[i]} ${summary.version}`);
    }
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  return { items, versions, visited, isEarly: false };
}

/** Ids that are read together, to save round trips; few, because a schema can be large. */
const TOGETHER = 16;

function* groupsOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < ids.length; at += TOGETHER) yield ids.slice(at, at + TOGETHER);
}
