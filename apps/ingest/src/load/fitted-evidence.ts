import { type Evidence, limitExceeded, loadLimits, type Schema } from '@almanac/domain';
import { type EvidenceCounter, giveWay } from '@almanac/formats';

/** Characters of the texts that evidence shows, at first and where all of it would be too large. */
const SHOWN = [200, 40, 8, 0];

/**
 * The evidence for the columns of a schema, with texts that are short enough for both to fit into what a data set may store of them.
 * Throws 400 if they do not fit without any text.
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
    detail: `What is known about the ${schema.columns.length.toLocaleString('en')} columns is too large`,
    advice: 'Shorten the names of the columns, or turn columns into rows.',
  });
}
