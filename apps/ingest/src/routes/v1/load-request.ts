import { formatIds, formats } from '@almanac/formats';
import { BINARY, documentedBody } from '@almanac/service';
import { Type } from 'typebox';

/** Query parameters of both ways to send a data set. */
export const loadParameters = {
  key: Type.Optional(
    Type.String({
      description: 'the key column; empty: no key; absent: guessed from the column names and the first rows',
    }),
  ),
  title: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'a title for lists and pages' })),
  f: Type.Optional(Type.Enum([...formatIds], { description: 'the format, if the Content-Type does not name it' })),
  filename: Type.Optional(
    Type.String({ maxLength: 255, description: 'the name of the file; its extension names the format if nothing else does' }),
  ),
};

export const BODY = [
  'The body is the file itself, gzipped or not, in one of these formats:',
  ...formats.map(({ title }) => `- ${title}`),
  '',
  'The Content-Type names the format. Without one, or with the one that `curl --data-binary` sends, the file name and the first bytes',
  'decide. Rows that cannot become records are rejected and reported; the other rows are loaded. A load succeeds as a whole or changes',
  'nothing.',
].join('\n');

const binary = { schema: BINARY };
const text = { schema: { type: 'string' } };

/** How OpenAPI shows the body. The first type is the one under which generated clients send bytes. */
const content = {
  'application/octet-stream': binary,
  ...Object.fromEntries(formats.map(({ mediaTypes, openapi }) => [mediaTypes[0] as string, openapi ?? text])),
  'application/gzip': binary,
};
const description = 'the file itself';

/** In a route's schema: the body is a file of records. */
export const fileBody = documentedBody({ required: true, description, content });
export const optionalFileBody = documentedBody({ required: false, description, content });
