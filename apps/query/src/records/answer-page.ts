import { linkHeader } from '@almanac/service';
import { lengthOf } from '../answers/body.ts';
import { piecesOf } from '../answers/rendering.ts';
import { pageLinks } from '../http/page-links.ts';
import { type Headers, send } from '../http/send.ts';
import { type Asked, renderingOf } from './asked.ts';
import { holding } from './holding.ts';
import { endedEarly, type Fitted, fit } from './page.ts';
import { compact, type Selection, slices } from './selection.ts';

/** Sends one page of records: as many of those asked for as fit into the bytes of a page. */
export async function sendPage(asked: Asked): Promise<void> {
  const { request, reply, question, selection } = asked;
  const fitted = await fit(selection, renderingOf(asked, '', ''));
  const page: Selection = { ...selection, to: selection.from + fitted.rows };
  const { headers, envelope } = aboutPage(asked, page);
  const [head, tail] = question.shape === 'array' ? ['[', ']'] : ['{"items":[', `],${JSON.stringify(envelope).slice(1)}`];
  send(request, reply, { ...asked.headers, ...headers }, bodyOf(asked, page, fitted, head, tail));
}

function bodyOf(asked: Asked, page: Selection, { bytes, pieces }: Fitted, jsonHead: string, jsonTail: string) {
  const rendering = renderingOf(asked, jsonHead, jsonTail);
  const { head, tail } = rendering;
  const total = lengthOf(head) + bytes + lengthOf(tail);
  if (pieces !== undefined) return { pieces: [head, ...pieces, tail], bytes: total };
  const own = compact(page);
  return { pieces: piecesOf(slices(own, rendering.mostRows), rendering), bytes: total, hold: holding(asked.context, own) };
}

/** What is said beside the records: how many there are, and the links to other pages. */
export function aboutPage({ request, question, selection }: Asked, page: Selection): { headers: Headers; envelope: object } {
  const { limit, offset } = question;
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
      ...(question.count === 'none' ? {} : { numberMatched: matched }),
      version: selection.copy.version,
      ...(note === undefined ? {} : { note }),
      links,
    },
  };
}
