import type { Column } from '@almanac/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import type { FormatId } from '../http/media-types.ts';
import type { Headers } from '../http/send.ts';
import { csv } from '../renderings/csv.ts';
import { json, ndjson } from '../renderings/json.ts';
import type { Rendering } from '../renderings/rendering.ts';
import type { Selection } from '../rows/selection.ts';
import type { RecordsQuery } from './parameters.ts';

/** A request for records with the rows of one version that it selects. */
export interface RecordsRequest {
  context: Context;
  request: FastifyRequest;
  reply: FastifyReply;
  query: RecordsQuery;
  format: FormatId;
  /** the requested columns; undefined: records are sent as they are */
  columns: readonly Column[] | undefined;
  selection: Selection;
  etag: string;
  headers: Headers;
}

/** How the text forms write records; `head` and `tail` are those of JSON. */
export function renderingOf({ format, columns, selection }: RecordsRequest, head: string, tail: string): Rendering {
  if (format === 'csv') return csv(columns ?? selection.copy.manifest.schema.columns);
  return format === 'ndjson' ? ndjson(columns) : json(columns, head, tail);
}
