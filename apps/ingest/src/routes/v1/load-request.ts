import { formatIds, formats } from '@almanac/formats';
import { BINARY, documentedBody } from '@almanac/service';
import { Type } from 'typebox';

/** Query parameters of both ways to send a data set. */
export const loadParameters = {
  key: Type.Optional(
    Type.String({
      description: 'the column whose values name the records; empty: none; absent: guessed from the names and the first rows',
    }),
  ),
  title: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'what to call the data set in lists and pages' })),
  f: Type.Optional(Type.Enum([...formatIds], { description: 'the format, where the Content-Type does not tell it' })),
  filename: Type.Optional(
    Type.String({ maxLength: 255, description: "the file's name; its extension tells the format where nothing else does" }),
  ),
};

export const BODY = [
  'The body is the file itself: CSV or TSV with a header line, a JSON list of objects (also inside an object), NDJSON, XML whose',
  'repeated elements are the records, YAML, or an orbit ephemeris (OEM, in XML or as keyword = value); gzipped or not.',
  'Its Content-Type says which; without one, or with the one that `curl --data-binary` sends, its first bytes do. An OEM is known by',
  'its first bytes also where it comes as application/xml or text/plain.',
  'Rows that cannot become records are kept apart and reported; the rest is loaded. It is loaded whole or not at all.',
].join(' ');

const binary = { schema: BINARY };
/** Bodies of text. XML and YAML can be any value, so a schema that says "string" would be wrong for them. */
const text = { schema: { type: 'string' } };
const anything = { schema: {} };
const records = { type: ['array', 'object'], description: 'a list of objects, also inside an object' };

/** How OpenAPI shows the body; its format is detected while it is read. First the type under which generated clients send bytes. */
const content = {
  'application/octet-stream': binary,
  ...Object.fromEntries(formats.map(({ mediaTypes }) => [mediaTypes[0] as string, text])),
  'text/csv': { ...text, example: 'name,year\nAachen,1880\nAarhus,1951\n' },
  'application/json': { schema: records, example: [{ name: 'Aachen', year: 1880 }] },
  'application/xml': anything,
  'application/yaml': anything,
  'application/gzip': binary,
};
const description = 'the file itself';

/** In a route's schema: the body is a file of records. */
export const fileBody = documentedBody({ required: true, description, content });
export const optionalFileBody = documentedBody({ required: false, description, content });
