import { searchesOf } from '../context.ts';
import { type Body, begun, lengthOf } from '../http/body.ts';
import { asksForRange, rangeIn } from '../http/range.ts';
import { type Headers, send } from '../http/send.ts';
import { type Lengths, lengthsOf, partOf } from '../renderings/lengths.ts';
import { piecesOf, type Rendering } from '../renderings/rendering.ts';
import { compact, isWhole, type Selection, slices } from '../rows/selection.ts';
import { TimeSlice } from '../time-slice.ts';
import { holding } from './holding.ts';
import { type Asked, renderingOf } from './records-request.ts';
import { aboutPage } from './send-page.ts';

/** Sends every record that matched, streamed. A whole set as a file can be asked for in parts (Range). */
export async function sendAll(asked: Asked, id: string): Promise<void> {
  const { request, reply, question, format, selection } = asked;
  const { headers: links, envelope } = aboutPage(asked, selection);
  const isBare = format !== 'json' || question.shape === 'array';
  const [head, tail] = isBare ? ['[', ']'] : ['{"items":[', `],${JSON.stringify(envelope).slice(1)}`];
  const rendering = renderingOf(asked, head, tail);
  const headers: Headers = {
    ...asked.headers,
    ...links,
    'content-disposition': `attachment; filename="${id}.${format}"`,
    ...(isBare && isWhole(selection) ? { 'accept-ranges': 'bytes' } : {}),
  };
  const lengths = isWhole(selection) ? await knownLengths(asked, rendering) : undefined;
  const isRange = lengths !== undefined && isBare && asksForRange(request, asked.etag);
  const range = isRange ? rangeIn(request.headers.range as string, lengths.total) : undefined;
  if (lengths === undefined || range === undefined) {
    send(request, reply, headers, wholeOf(asked, rendering, lengths));
    return;
  }
  const part = begun(partOf(selection.copy, rendering, lengths, range), holding(asked.context, selection));
  const about = { 'content-range': `bytes ${range.first}-${range.last}/${lengths.total}` };
  send(request, reply, { ...headers, ...about }, { ...part, bytes: range.last + 1 - range.first }, 206);
}

function wholeOf({ context, selection }: Asked, rendering: Rendering, lengths: Lengths | undefined): Body {
  const own: Selection = compact(selection);
  const body = begun(piecesOf(slices(own, rendering.mostRows), rendering), holding(context, own));
  return { ...body, bytes: body.bytes ?? lengths?.total };
}

/**
 * The lengths of a whole set in this form: at once where they follow from the stored lengths or were measured before. Who asks for the
 * head alone or for a part waits until they are measured, which is a search.
 */
async function knownLengths(asked: Asked, rendering: Rendering): Promise<Lengths | undefined> {
  const { context, request, question, format, selection } = asked;
  const { copy } = selection;
  const bare = renderingOf(asked, '', '');
  const name = `lengths ${format} ${question.fields?.join('\0') ?? ''}`;
  const isCheap = bare.measure !== undefined && copy.manifest.schema.columns.every(({ asStored }) => asStored);
  const isAtOnce = isCheap || copy.find(name) !== undefined;
  if (!isAtOnce && request.method !== 'HEAD' && !asksForRange(request, asked.etag)) return undefined;
  const measure = (timeSlice: TimeSlice) => lengthsOf(copy, name, bare, timeSlice);
  const measured = isAtOnce ? await measure(new TimeSlice()) : await searchesOf(context, request).run(copy, measure);
  return moved(measured, lengthOf(rendering.head) - lengthOf(bare.head), lengthOf(rendering.tail) - lengthOf(bare.tail));
}

/** The same rows behind another head and before another tail. */
const moved = ({ starts, total }: Lengths, head: number, tail: number): Lengths =>
  head === 0 && tail === 0 ? { starts, total } : { starts: starts.map((start) => start + head), total: total + head + tail };
