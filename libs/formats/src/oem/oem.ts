import type { Format, ParseOptions } from '../format.ts';
import { peek } from '../peek.ts';
import type { Batch } from '../row.ts';
import { scan } from '../scan.ts';
import { decodeUtf8 } from '../utf8.ts';
import { readXml } from '../xml/reader.ts';
import { fromRoot } from '../xml/root.ts';
import { KvnScanner } from './kvn.ts';
import { OemXmlReader } from './oem-xml.ts';

/** Bytes in which the first character must come, after white space. */
const PEEKED = 1 << 12;

async function* parse(source: AsyncIterable<Uint8Array>, options: ParseOptions): AsyncGenerator<Batch> {
  const { head, bytes } = await peek(source, PEEKED);
  const isXml = /^[\s\uFEFF]*</.test(head.toString('utf8'));
  const texts = decodeUtf8(bytes);
  yield* isXml ? readXml(texts, new OemXmlReader(options)) : scan(texts, new KvnScanner(options));
}

/** Whether text is XML with an oem element as its root, or in an ndm, which may hold messages of other kinds. */
function isOemXml(start: string): boolean {
  const root = fromRoot(start);
  const name = /^<(?:[^\s<>/:]+:)?(oem|ndm)[\s/>]/.exec(root)?.[1];
  return name === 'oem' || (name === 'ndm' && /<(?:[^\s<>/:]+:)?oem[\s/>]/.test(root));
}

/**
 * Orbit Ephemeris Messages of CCSDS 502.0-B, versions 1.0 and 2.0, in XML and in keyword = value notation. Each state is a row; for
 * the metadata see metadata.ts.
 */
export const oem: Format = {
  id: 'oem',
  title: 'OEM: an orbit ephemeris of CCSDS 502.0-B, in XML or as keyword = value',
  // Not registered: an OEM usually comes as application/xml or text/plain, and is detected by its first bytes.
  mediaTypes: ['application/oem', 'application/oem+xml'],
  extensions: ['.oem'],
  key: 'EPOCH',
  container: 'xml',
  looksLike: (start) => /^CCSDS_OEM_VERS\s*=/.test(start) || isOemXml(start),
  contradicts: ({ id }) => id === 'json' || id === 'ndjson' || id === 'yaml',
  parse,
};
