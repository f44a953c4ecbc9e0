import { jobLimits, type Limit, limitExceeded } from '@almanac/domain';
import { checkShape } from '@almanac/processes';

/**
 * Checks that the inputs of a job fit into its record, before anything else reads them. `asked` is the body that a client of the course
 * dialect sent, which the record and lists repeat. Returns the bytes of both. Throws ProblemError 400 or 413 with the limit.
 */
export function checkJobSize(inputs: unknown, asked?: unknown): number {
  checkShape({ inputs });
  const bytes = within(jobLimits.inputsBytes, inputs, 'The inputs are too large');
  if (asked === undefined) return bytes;
  checkShape(asked);
  return bytes + within(jobLimits.echoBytes, asked, 'What describes the job is too large');
}

/** Counts the bytes of minified JSON, as the record has it: 1e20 is sent as 4 characters and stored as 21. */
function within(limit: Limit, value: unknown, detail: string): number {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (bytes > limit.value) throw limitExceeded('body-too-large', limit, bytes, { detail });
  return bytes;
}
