import { ProblemError } from '@almanac/domain';
import { byteRange, isRangeCurrent } from '@almanac/service';
import { type Body, begun, lengthOf } from '../answers/body.ts';
import { type Lengths, lengthsOf, partOf } from '../answers/lengths.ts';
import { piecesOf, type Rendering } from '../answers/rendering.ts';
import { searchesOf } from '../context.ts';
import { type Headers, send } from '../http/send.ts';
import { Turn } from '../turn.ts';
import { aboutPage } from './answer-page.ts';
import { type Asked, renderingOf } from './asked.ts';
import { holding } from './holding.ts';
import { compact, isWhole, type Selection, slices } from './selection.ts';

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
  const isRange = lengths !== undefined && isBare && asksForRange(asked);
  const range = isRange ? byteRange(request.headers.range, lengths.total) : undefined;
  if (range === 'unsatisfiable') throw unsatisfiable(lengths?.total ?? 0);
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
  if (!isAtOnce && request.method !== 'HEAD' && !asksForRange(asked)) return undefined;
  const measure = (turn: Turn) => lengthsOf(copy, name, bare, turn);
  const measured = isAtOnce ? await measure(new Turn()) : await searchesOf(context, request).run(copy, measure);
  return moved(measured, lengthOf(rendering.head) - lengthOf(bare.head), lengthOf(rendering.tail) - lengthOf(bare.tail));
}

/** The same rows behind another head and before another tail. */
const moved = ({ starts, total }: Lengths, head: number, tail: number): Lengths =>
  head === 0 && tail === 0 ? { starts, total } : { starts: starts.map((start) => start + head), total: total + head + tail };

const asksForRange = ({ request: { method, headers }, etag }: Asked): boolean =>
  method === 'GET' && headers.range !== undefined && isRangeCurrent(headers['if-range'], etag);

const unsatisfiable = (length: number): ProblemError =>
  new ProblemError('range-not-satisfiable', `The body has ${length.toLocaleString('en')} bytes; none of the requested bytes exist.`, {
    headers: { 'content-range': `bytes */${length}` },
  });
