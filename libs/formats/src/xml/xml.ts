import type { Format } from '../format.ts';
import { decodeUtf8 } from '../utf8.ts';
import { readXml } from './reader.ts';
import { RecordFinder } from './records.ts';
import { beginsAsXml } from './root.ts';

/**
 * Elements that repeat, each a record: <data><row><name>Ruiz</name><id>1</id></row>..</data>. Members are named as xmltodict names
 * them, and every value is text, read as CSV's fields are.
 */
export const xml: Format = {
  id: 'xml',
  title: 'XML: elements that repeat, each a record',
  mediaTypes: ['application/xml', 'text/xml'],
  extensions: ['.xml'],
  openapi: { schema: {} },
  looksLike: beginsAsXml,
  contradicts: ({ first }) => first !== '' && first !== '<',
  parse: (bytes, options) => readXml(decodeUtf8(bytes), new RecordFinder(options)),
};
