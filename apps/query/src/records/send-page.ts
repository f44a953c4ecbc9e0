import { linkHeader } from '@almanac/service';
import { lengthOf } from '../http/body.ts';
import { pageLinks } from '../http/page-links.ts';
import { type Headers, send } from '../http/send.ts';
import { piecesOf } from '../renderings/rendering.ts';
import { compact, type Selection, slices } from '../rows/selection.ts';
import { holding } from './holding.ts';
import { endedEarly, type Fitted, fit } from './page.ts';
import { type RecordsRequest, renderingOf } from './records-request.ts';

/** Sends one page of records: as many of those requested as fit into the bytes of a page. */
export async function sendPage(recordsRequest: RecordsRequest): Promise<void> {
  const { request, reply, query, selection } = recordsRequest;
  const fitted = await fit(selection, renderingOf(recordsRequest, '', ''));
  const page: Selection = { ...selection, to: selection.from + fitted.rows };
  const { headers, envelope } = pageMetadata(recordsRequest, page);
  const [head, tail] = query.shape === 'array' ? ['[', ']'] : ['{"items":[', `],${JSON.stringify(envelope).slice(1)}`];
  send(request, reply, { ...recordsRequest.headers, ...headers }, bodyOf(recordsRequest, page, fitted, head, tail));
}

function bodyOf(recordsRequest: RecordsRequest, page: Selection, { bytes, pieces }: Fitted, jsonHead: string, jsonTail: string) {
  const rendering = renderingOf(recordsRequest, jsonHead, jsonTail);
  const { head, tail } = rendering;
  const total = lengthOf(head) + bytes + lengthOf(tail);
  if (pieces !== undefined) return { pieces: [head, ...pieces, tail], bytes: total };
  const own = compact(page);
  return { pieces: piecesOf(slices(own, rendering.mostRows), rendering), bytes: total, hold: holding(recordsRequest.context, own) };
}

/** Headers and envelope of a page: the number of records, and the links to other pages. */
export function pageMetadata({ request, query, selection }: RecordsRequest, page: Selection): { headers: Headers; envelope: object } {
  const { limit, offset } = query;
  const { matched } = selection;
  const returned = page.to - page.from;
  const isEarly = page.to < selection.to;
  const links = pageLinks(request.prefix + request.url, { limit, offset, matched, ...(isEarly ? { returned } : {}) });
  const link = linkHeader(links);
  const note = isEarly ? endedEarly(returned) : undefined;
  return {
    headers: { ...(link === '' ? {} : { link }), ...(note === undefined ? {} : { 'almanac-note': note }) },
    envelope: {
      numberReturned: returned,
      ...(query.count === 'none' ? {} : { numberMatched: matched }),
      version: selection.copy.version,
      ...(note === undefined ? {} : { note }),
      links,
    },
  };
}
