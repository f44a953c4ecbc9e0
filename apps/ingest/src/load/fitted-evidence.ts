import { type Evidence, limitExceeded, loadLimits, type Schema } from '@almanac/domain';
import { type EvidenceCounter, giveWay } from '@almanac/formats';

/** Lengths of the texts in evidence, in the order in which they are tried until all of it fits. */
const SHOWN = [200, 40, 8, 0];

/**
 * The evidence for the columns of a schema. Its texts are shortened until schema and evidence fit the limit.
 * Throws 400 if they do not fit without texts.
 */
export async function fittedEvidence(schema: Schema, counter: EvidenceCounter): Promise<Record<string, Evidence>> {
  const limit = loadLimits.schemaBytes;
  const schemaBytes = Buffer.byteLength(JSON.stringify(schema));
  let bytes = 0;
  for (const shown of SHOWN) {
    await giveWay();
    const evidence = counter.evidence(shown);
    bytes = schemaBytes + Buffer.byteLength(JSON.stringify(evidence));
    if (bytes <= limit.value) return evidence;
  }
  throw limitExceeded('malformed-data', limit, bytes, {
    detail: `The description of the ${schema.columns.length.toLocaleString('en')} columns is too large`,
    advice: 'Shorten the names of the columns, or turn columns into rows.',
  });
}
