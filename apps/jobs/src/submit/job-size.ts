import { jobLimits, type Limit, limitExceeded } from '@almanac/domain';
import { checkShape } from '@almanac/processes';

/**
 * Checks that what a caller sends with a job is small enough to be kept in its record, before anything else looks at it.
 * `asked` is what a client of the course dialect sent, which lists show. Throws ProblemError 400 or 413 with the limit.
 * Returns the bytes of both.
 */
export function checkJobSize(inputs: unknown, asked?: unknown): number {
  checkShape({ inputs });
  const bytes = within(jobLimits.inputsBytes, inputs, 'The inputs are too large');
  if (asked === undefined) return bytes;
  checkShape(asked);
  return bytes + within(jobLimits.echoBytes, asked, 'What describes the job is too large');
}

/** Bytes are those of minified JSON, as the record keeps it: 1e20 has four characters and is kept with 21. */
function within(limit: Limit, value: unknown, detail: string): number {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (bytes > limit.value) throw limitExceeded('body-too-large', limit, bytes, { detail });
  return bytes;
}
