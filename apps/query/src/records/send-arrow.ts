import { type Column, readLimits } from '@almanac/domain';
import { searchesOf } from '../context.ts';
import { begunAsync, type Piece } from '../http/body.ts';
import { send } from '../http/send.ts';
import { arrowBatches, arrowRows } from '../renderings/arrow-batches.ts';
import { areFew, arrowPieces, plainColumn } from '../renderings/arrow-plain.ts';
import { typedColumn } from '../renderings/arrow-typed.ts';
import { compact, type Selection, slices } from '../rows/selection.ts';
import { TimeSlice } from '../time-slice.ts';
import { holding } from './holding.ts';
import { int64Columns } from './int64-columns.ts';
import type { RecordsRequest } from './records-request.ts';
import { pageMetadata } from './send-page.ts';

/** What a value adds to the bytes of the stored rows at most. */
const VALUE_BYTES = 9;

/** Sends records as an Arrow stream; `isPlain`: as plots read them. A page ends early as in the other forms. */
export async function sendArrow(recordsRequest: RecordsRequest, isPlain: boolean): Promise<void> {
  const { context, request, reply, query, selection } = recordsRequest;
  const columns = recordsRequest.columns ?? selection.copy.manifest.schema.columns;
  const page = Number.isFinite(query.limit) ? await fitted(selection, columns.length) : selection;
  const { headers } = pageMetadata(recordsRequest, page);
  const own = compact(page);
  const pieces = await (isPlain ? plainPieces(recordsRequest, own, columns) : typedPieces(recordsRequest, own, columns));
  send(request, reply, { ...recordsRequest.headers, ...headers }, await begunAsync(pieces, holding(context, own)));
}

type Pieces = Iterable<Piece> | AsyncIterable<Piece>;

async function typedPieces({ context, request }: RecordsRequest, selection: Selection, columns: readonly Column[]): Promise<Pieces> {
  const fits = await int64Columns(searchesOf(context, request), selection.copy, columns);
  return arrowBatches(slices(selection, arrowRows(columns.length)), columns, typedColumn(fits));
}

/** For all records the columns are kept in memory, because plots read the same ones again. */
async function plainPieces({ context, request, query }: RecordsRequest, selection: Selection, columns: readonly Column[]): Promise<Pieces> {
  const { copy } = selection;
  const isAll = !Number.isFinite(query.limit);
  const typed = isAll ? await searchesOf(context, request).run(copy, (search) => context.columns.get(copy, columns, search)) : undefined;
  if (typed !== undefined && areFew(typed)) return arrowPieces(typed, selection);
  return arrowBatches(slices(selection, arrowRows(columns.length)), columns, plainColumn);
}

/** As many of the selected rows as one page may have: at least one slice of them. */
async function fitted(selection: Selection, columns: number): Promise<Selection> {
  const timeSlice = new TimeSlice();
  let [rows, bytes] = [0, 0];
  for (const slice of slices(selection, arrowRows(columns))) {
    bytes += slice.bytes.length + VALUE_BYTES * columns * slice.rows;
    if (rows > 0 && bytes > readLimits.pageBytes.value) break;
    rows += slice.rows;
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  return { ...selection, to: selection.from + rows };
}
