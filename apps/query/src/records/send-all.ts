import { ProblemError } from '@almanac/domain';
import { byteRange, isRangeCurrent } from '@almanac/service';
import { searchesOf } from '../context.ts';
import { type Body, begun, lengthOf } from '../http/body.ts';
import { type Headers, send } from '../http/send.ts';
import { type Lengths, lengthsOf, partOf } from '../renderings/lengths.ts';
import { piecesOf, type Rendering } from '../renderings/rendering.ts';
import { compact, isWhole, type Selection, slices } from '../rows/selection.ts';
import { TimeSlice } from '../time-slice.ts';
import { holding } from './holding.ts';
import { type RecordsRequest, renderingOf } from './records-request.ts';
import { pageMetadata } from './send-page.ts';

/** Sends every record that matched, streamed. A whole set as a file can be requested in parts (Range). */
export async function sendAll(recordsRequest: RecordsRequest, id: string): Promise<void> {
  const { request, reply, query, format, selection } = recordsRequest;
  const { headers: links, envelope } = pageMetadata(recordsRequest, selection);
  const isBare = format !== 'json' || query.shape === 'array';
  const [head, tail] = isBare ? ['[', ']'] : ['{"items":[', `],${JSON.stringify(envelope).slice(1)}`];
  const rendering = renderingOf(recordsRequest, head, tail);
  const headers: Headers = {
    ...recordsRequest.headers,
    ...links,
    'content-disposition': `attachment; filename="${id}.${format}"`,
    ...(isBare && isWhole(selection) ? { 'accept-ranges': 'bytes' } : {}),
  };
  const lengths = isWhole(selection) ? await knownLengths(recordsRequest, rendering) : undefined;
  const isRange = lengths !== undefined && isBare && asksForRange(recordsRequest);
  const range = isRange ? byteRange(request.headers.range, lengths.total) : undefined;
  if (range === 'unsatisfiable') throw unsatisfiable(lengths?.total ?? 0);
  if (lengths === undefined || range === undefined) {
    send(request, reply, headers, wholeOf(recordsRequest, rendering, lengths));
    return;
  }
  const part = begun(partOf(selection.copy, rendering, lengths, range), holding(recordsRequest.context, selection));
  const contentRange = { 'content-range': `bytes ${range.first}-${range.last}/${lengths.total}` };
  send(request, reply, { ...headers, ...contentRange }, { ...part, bytes: range.last + 1 - range.first }, 206);
}

function wholeOf({ context, selection }: RecordsRequest, rendering: Rendering, lengths: Lengths | undefined): Body {
  const own: Selection = compact(selection);
  const body = begun(piecesOf(slices(own, rendering.mostRows), rendering), holding(context, own));
  return { ...body, bytes: body.bytes ?? lengths?.total };
}

/**
 * The lengths of a whole set in this form: at once if they follow from the stored lengths or were measured before. A request for the
 * head alone or for a range waits until they are measured, which is a search.
 */
async function knownLengths(recordsRequest: RecordsRequest, rendering: Rendering): Promise<Lengths | undefined> {
  const { context, request, query, format, selection } = recordsRequest;
  const { copy } = selection;
  const bare = renderingOf(recordsRequest, '', '');
  const name = `lengths ${format} ${query.fields?.join('\0') ?? ''}`;
  const isCheap = bare.measure !== undefined && copy.manifest.schema.columns.every(({ asStored }) => asStored);
  const isAtOnce = isCheap || copy.find(name) !== undefined;
  if (!isAtOnce && request.method !== 'HEAD' && !asksForRange(recordsRequest)) return undefined;
  const measure = (timeSlice: TimeSlice) => lengthsOf(copy, name, bare, timeSlice);
  const measured = isAtOnce ? await measure(new TimeSlice()) : await searchesOf(context, request).run(copy, measure);
  return moved(measured, lengthOf(rendering.head) - lengthOf(bare.head), lengthOf(rendering.tail) - lengthOf(bare.tail));
}

/** The same rows behind another head and before another tail. */
const moved = ({ starts, total }: Lengths, head: number, tail: number): Lengths =>
  head === 0 && tail === 0 ? { starts, total } : { starts: starts.map((start) => start + head), total: total + head + tail };

const asksForRange = ({ request: { method, headers }, etag }: RecordsRequest): boolean =>
  method === 'GET' && headers.range !== undefined && isRangeCurrent(headers['if-range'], etag);

const unsatisfiable = (length: number) =>
  new ProblemError('range-not-satisfiable', `The requested range lies outside the body, which has ${length.toLocaleString('en')} bytes.`, {
    headers: { 'content-range': `bytes */${length}` },
  });
