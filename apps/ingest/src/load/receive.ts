import { type LoadReport, ProblemError } from '@almanac/domain';
import type { FormatId } from '@almanac/formats';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { openBody } from '../body/open-body.ts';
import { type Meter, readBody, refuseTooLarge } from '../body/read-body.ts';
import type { Context } from '../context.ts';
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
  context: Context,
  options: ReceiveOptions,
): Promise<{ report: LoadReport; created: boolean }> {
  const meter: Meter = { bytes: 0 };
  try {
    return await receiveBody(app, request, context, options, meter);
  } catch (error) {
    // A client that went away gets no answer and no line of its own otherwise.
    const problem = error instanceof ProblemError ? error.type : 'other';
    request.log.info({ dataset: options.dataset, problem, bytes: { source: meter.bytes } }, 'not loaded');
    throw error;
  }
}

async function receiveBody(
  app: FastifyInstance,
  request: FastifyRequest,
  { redis, limits }: Context,
  { dataset, key, title, f, filename, ifVersion }: ReceiveOptions,
  meter: Meter,
): Promise<{ report: LoadReport; created: boolean }> {
  const started = performance.now();
  const notes = new Set<string>();
  const { 'content-type': contentType, 'content-encoding': contentEncoding, 'content-length': contentLength } = request.headers;
  const about = { contentType, contentEncoding, f, filename, maxBytes: limits.maxBytes };
  refuseTooLarge(contentLength, limits.maxBytes);
  const { format, bytes } = await openBody(readBody(request.raw, limits, meter), about, notes);
  const sourceBytes = contentLength === undefined ? undefined : Number(contentLength);
  const loaded = await load({ redis, dataset, format, bytes, key, title, sourceBytes, meter, ifVersion, notes });
  const seconds = (performance.now() - started) / 1000;
  const report = loadReport({ dataset, format, loaded, sourceBytes: meter.bytes, seconds, notes });
  record(app, request, report, seconds);
  return { report, created: loaded.committed.created };
}

/** One line in the log and the counters a load moves. */
function record(app: FastifyInstance, request: FastifyRequest, report: LoadReport, seconds: number): void {
  const { dataset, version, format, rows, rejected, bytes } = report;
  app.loads.rows.inc(rows);
  app.loads.rejects.inc(rejected);
  app.loads.seconds.observe(seconds);
  request.log.info({ dataset, version, format, rows, rejected, seconds: report.seconds, bytes }, 'loaded');
}
