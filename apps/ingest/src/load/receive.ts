import type { LoadReport } from '@almanac/domain';
import type { FormatId } from '@almanac/formats';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Context } from '../app.ts';
import { openBody } from '../body/open-body.ts';
import { type Meter, readBody, refuseTooLarge } from '../body/read-body.ts';
import { load } from './load.ts';
import { loadReport } from './report.ts';

export interface ReceiveOptions {
  dataset: string;
  key: string | undefined;
  title: string | undefined;
  f: FormatId | undefined;
  filename: string | undefined;
  ifVersion: string | undefined;
}

/** Loads a request's body and says what came of it. Both ways to send a data set end here. */
export async function receive(
  app: FastifyInstance,
  request: FastifyRequest,
  { redis, limits }: Context,
  { dataset, key, title, f, filename, ifVersion }: ReceiveOptions,
): Promise<{ report: LoadReport; created: boolean }> {
  const started = performance.now();
  const notes = new Set<string>();
  const meter: Meter = { bytes: 0 };
  const { 'content-type': contentType, 'content-encoding': contentEncoding, 'content-length': contentLength } = request.headers;
  const about = { contentType, contentEncoding, f, filename, maxBytes: limits.maxBytes };
  refuseTooLarge(contentLength, limits.maxBytes);
  const { format, bytes } = await openBody(readBody(request.raw, limits, meter), about, notes);
  const sourceBytes = contentLength === undefined ? undefined : Number(contentLength);
  const loaded = await load({ redis, dataset, format, bytes, key, title, sourceBytes, meter, ifVersion, notes });
  const seconds = (performance.now() - started) / 1000;
  const report = loadReport({ dataset, format, loaded, sourceBytes: meter.bytes, seconds, notes });
  const { version, rows, rejected, bytes: sizes } = report;
  app.loads.rows.inc(rows);
  app.loads.rejects.inc(rejected);
  app.loads.seconds.observe(seconds);
  request.log.info({ dataset, version, format: format.id, rows, rejected, seconds: report.seconds, bytes: sizes }, 'loaded');
  return { report, created: loaded.committed.created };
}
