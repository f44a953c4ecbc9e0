import type { Readable } from 'node:stream';
import { type LoadReport, ProblemError } from '@almanac/domain';
import { Notes } from '@almanac/formats';
import { callerOf } from '@almanac/service';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import { openBody } from '../body/open-body.ts';
import { type Meter, readBody, refuseTooLarge } from '../body/read-body.ts';
import type { Context } from '../context.ts';
import { type LoadTarget, load } from './load.ts';
import { loadReport } from './report.ts';

export interface LoadRequest extends LoadTarget {
  f?: string | undefined;
  filename?: string | undefined;
}

/** A stream of bytes, and what is known about it beforehand. */
export interface IncomingBody {
  body: Readable;
  contentType?: string | undefined;
  contentEncoding?: string | undefined;
  /** how many bytes will come, if known */
  bytes?: number | undefined;
  /** the client whose share of the places the load takes; absent for a source that the service loads itself */
  caller?: string;
}

export interface LoadOutcome {
  report: LoadReport;
  created: boolean;
}

/** Loads the body of a request. */
export function loadRequestBody(app: FastifyInstance, request: FastifyRequest, context: Context, as: LoadRequest): Promise<LoadOutcome> {
  const { 'content-type': contentType, 'content-encoding': contentEncoding, 'content-length': contentLength } = request.headers;
  const bytes = contentLength === undefined ? undefined : Number(contentLength);
  return loadStream(
    app,
    request.log,
    context,
    { body: request.raw, contentType, contentEncoding, bytes, caller: callerOf(request.raw) },
    as,
  );
}

/** Loads bytes as a data set, with metrics and a log line. Every way to load a data set ends here. */
export async function loadStream(
  app: FastifyInstance,
  log: FastifyBaseLogger,
  context: Context,
  incoming: IncomingBody,
  as: LoadRequest,
): Promise<LoadOutcome> {
  const meter: Meter = { bytes: 0 };
  try {
    const received = await context.places.run(incoming.caller ?? 'own sources', () => read(context, incoming, as, meter));
    record(app, log, received.report);
    return received;
  } catch (error) {
    // The only trace of a client that disconnected.
    const problem = error instanceof ProblemError ? error.type : 'other';
    log.info({ dataset: as.dataset, problem, bytes: { source: meter.bytes } }, 'load failed');
    throw error;
  }
}

async function read(
  { redis, limits }: Context,
  { body, contentType, contentEncoding, bytes: sourceBytes }: IncomingBody,
  { f, filename, ...as }: LoadRequest,
  meter: Meter,
): Promise<LoadOutcome> {
  const started = performance.now();
  const notes = new Notes();
  refuseTooLarge(sourceBytes, limits.maxBytes);
  const description = { contentType, contentEncoding, f, filename, maxBytes: limits.maxBytes, meter };
  const { format, bytes } = await openBody(readBody(body, limits, meter), description, notes);
  const loaded = await load({ ...as, redis, format, bytes, sourceBytes, meter, notes });
  const seconds = (performance.now() - started) / 1000;
  return {
    report: loadReport({ dataset: as.dataset, format, loaded, sourceBytes: meter.bytes, seconds, notes }),
    created: loaded.committed.created,
  };
}

/** Writes the log line and the metrics of a load. */
function record(app: FastifyInstance, log: FastifyBaseLogger, report: LoadReport): void {
  const { dataset, version, format, rows, rejected, bytes, seconds } = report;
  app.loads.rows.inc(rows);
  app.loads.rejects.inc(rejected);
  app.loads.seconds.observe(seconds);
  log.info({ dataset, version, format, rows, rejected, seconds, bytes }, 'data set loaded');
}
