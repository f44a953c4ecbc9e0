// Bodies of every format for its tests, and ways to damage them.
import { formats } from './registry.ts';

/** A body of a format, and what is to be read from it. */
export interface Sample {
  /** how the format writes the rows, its lines ended by `newline`; the word Aachen is in it */
  write(newline: string): string;
  rows: readonly string[];
  types: readonly (readonly [string, string])[];
}

// Tokens that a careless reader would change: long digits, trailing zeros, leading zeros, quotes, line ends, characters beyond ASCII.
const names = ['id', 'name', 'mass (g)', 'fell', 'when', 'say "hi"'];
const records: readonly (readonly string[])[] = [
  ['1', '"Aachen"', '21', 'true', '"2024-02-21T12:00:00Z"', '"a, b; c"'],
  ['2', '"Ålesund ☄ 🜨"', '1.50', 'false', 'null', '"two\\nlines"'],
  ['9007199254740993', '"007"', '-1e-7', 'true', '"2024-052T12:00:00.000Z"', '"say \\"no\\""'],
  ['4', '" spaced "', '0', 'null', '"1999-12-31 23:59"', '"tab\\tand back\\\\slash"'],
];
const types = ['integer', 'string', 'number', 'boolean', 'time', 'string'] as const;

const rowsOf = (names: readonly string[], records: readonly (readonly string[])[]): string[] =>
  records.map((tokens) => `{${names.map((name, i) => `${JSON.stringify(name)}:${tokens[i]}`).join(',')}}`);
const expected = rowsOf(names, records);
const table = (write: Sample['write']): Sample => ({ write, rows: expected, types: names.map((name, i) => [name, types[i] as string]) });

const textOf = (token: string): string => {
  const value = JSON.parse(token) as unknown;
  return value === null ? '' : typeof value === 'string' ? value : token;
};
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const fieldOf = (token: string): string => (/[",;\t\r\n]/.test(textOf(token)) ? quoted(textOf(token)) : textOf(token));
const delimitedBy = (delimiter: string): Sample =>
  table(
    (newline) =>
      [names.map(quoted), ...records.map((tokens) => tokens.map(fieldOf))].map((fields) => fields.join(delimiter)).join(newline) + newline,
  );

// In YAML dates stand bare and are texts all the same.
const yamlOf = (token: string): string => (/^"\d{4}-.*:/.test(token) ? textOf(token) : token);
const yaml = table((newline) =>
  [
    '# landings',
    'landings:',
    ...records.flatMap((tokens) => tokens.map((token, i) => `${i === 0 ? '-' : ' '} ${JSON.stringify(names[i])}: ${yamlOf(token)}`)),
    '',
  ].join(newline),
);

// XML has no brackets in names, and the space around texts is taken for its layout.
const xmlNames = ['id', 'name', 'mass_g', 'fell', 'when', 'say'];
const xmlRecords = records.map((tokens) => tokens.map((token) => token.replace('" spaced "', '"spaced"')));
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const xml: Sample = {
  write: (newline) =>
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<data>',
      ...xmlRecords.flatMap((tokens) => [
        '<row>',
        ...tokens.map((token, i) => `<${xmlNames[i]}>${escaped(textOf(token))}</${xmlNames[i]}>`),
        '</row>',
      ]),
      '</data>',
      '',
    ].join(newline),
  rows: rowsOf(xmlNames, xmlRecords),
  types: xmlNames.map((name, i) => [name, types[i] as string]),
};

const stateNames = ['EPOCH', 'X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT'];
const states: readonly (readonly string[])[] = [
  ['2024-052T12:00:00.000Z', '4721.510579873910', '1.50', '-1e-7', '0', '1', '2.0'],
  ['2024-052T12:00:02.000Z', '9007199254740993', '-0.0', '3', '1E+3', '-1', '1.0'],
  ['2024-052T12:04:00.5Z', '-4082.3502740408699', '2', '.5', '7', '-7', '3.0'],
];
const oem = (write: Sample['write']): Sample => ({
  write,
  rows: rowsOf(
    stateNames,
    states.map((fields) => fields.map((field) => (/^-?\d+[^-]*$/.test(field) || field === '-1e-7' ? field : JSON.stringify(field)))),
  ),
  types: stateNames.map((name, i) => [name, ['time', 'number', 'number', 'number', 'integer', 'integer', 'integer'][i] as string]),
});
const kvn = oem((newline) =>
  [
    'CCSDS_OEM_VERS = 2.0',
    'ORIGINATOR = ESA',
    'META_START',
    'OBJECT_NAME = Aachen',
    'STOP_TIME = 2024-052T12:04:00.5Z',
    'META_STOP',
    'COMMENT',
    'COMMENT  a ☄',
    ...states.map((fields) => fields.join(' ')),
    '',
  ].join(newline),
);
const oemXml = oem((newline) =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<ndm>',
    '<oem id="CCSDS_OEM_VERS" version="2.0"><header><ORIGINATOR>ESA</ORIGINATOR></header>',
    '<body><segment><metadata><OBJECT_NAME>Aachen</OBJECT_NAME></metadata>',
    '<data><COMMENT></COMMENT><COMMENT> a ☄</COMMENT>',
    ...states.flatMap((fields) => [
      '<stateVector>',
      ...fields.map((field, i) => `<${stateNames[i]}>${field}</${stateNames[i]}>`),
      '</stateVector>',
    ]),
    '</data></segment></body></oem>',
    '</ndm>',
    '',
  ].join(newline),
);

/** How each format writes records. A new format adds itself here. */
const samples: Readonly<Record<string, readonly Sample[]>> = {
  csv: [delimitedBy(',')],
  tsv: [delimitedBy('\t')],
  json: [table((newline) => `[${expected.join(`,${newline}`)}]${newline}`)],
  ndjson: [table((newline) => expected.map((row) => row + newline).join(''))],
  xml: [xml],
  yaml: [yaml],
  oem: [kvn, oemXml],
};
/** Every format with each of its samples. */
export const cases = formats.flatMap((format) =>
  (samples[format.id] ?? []).map((sample, i) => ({ format, sample, title: i === 0 ? format.id : `${format.id} (${i + 1})` })),
);

const odd = [
  '"',
  '<',
  '>',
  '&',
  '/',
  '=',
  '#',
  '@',
  '?',
  '!',
  '*',
  '---',
  ',',
  '\n',
  '\r',
  '{',
  '}',
  '[',
  ']',
  '\\',
  ':',
  '\t',
  ';',
  ' ',
  '1',
  '\0',
  '\uFEFF',
  'NaN',
  '-',
  'é',
  '🜨',
];

/** A repeatable sequence of whole numbers below n (a linear congruential generator, Numerical Recipes). */
export function sequence(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** Text with one to four places changed. */
export function damaged(text: string, next: (n: number) => number): string {
  let out = text;
  for (let edits = 1 + next(4); edits > 0; edits--) {
    const at = next(out.length);
    out = out.slice(0, at) + (next(3) === 0 ? '' : odd[next(odd.length)]) + out.slice(at + next(3));
  }
  return out;
}
