import { hint, jobLimits, limitExceeded, shown } from '@almanac/domain';
import { describeValue, invalidInput, isObject, pointer } from './invalid-input.ts';

type Path = readonly (string | number)[];
/** Checks the value of a keyword. Throws ProblemError with its pointer. */
type Rule = (value: unknown, path: Path, schemas: Counter) => void;

/** Subschemas seen so far. */
interface Counter {
  count: number;
}

const form = (isFine: (value: unknown) => boolean, wanted: string): Rule => {
  return (value, path) => {
    if (!isFine(value)) throw invalidInput(pointer(...path), `${describeValue(value)} must be ${wanted}`);
  };
};
const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
/** Formats whose check takes time in proportion to the text. */
const formats = ['date', 'time', 'date-time', 'uuid'];
const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

const text = form(isText, 'a string');
const boolean = form((value) => typeof value === 'boolean', 'a boolean');
const number = form(Number.isFinite, 'a number');
const count = form(isCount, 'an integer of at least 0');
const list = form((value) => Array.isArray(value) && value.length > 0, 'a list with at least one entry');
/** Any data. Keywords in it have no meaning. */
const data: Rule = () => {};

const schemaList: Rule = (value, path, schemas) => {
  list(value, path, schemas);
  for (const [i, each] of (value as unknown[]).entries()) checkSchema(each, [...path, i], schemas);
};

const schemasByName: Rule = (value, path, schemas) => {
  if (!isObject(value)) throw invalidInput(pointer(...path), `${describeValue(value)} must be an object of schemas`);
  for (const [name, each] of Object.entries(value)) checkSchema(each, [...path, name], schemas);
};

/** The supported keywords of JSON Schema with the rule for their values. */
const keywords: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...['$schema', '$comment', 'title', 'description'].map((name): [string, Rule] => [name, text]),
  ...['deprecated', 'readOnly', 'writeOnly', 'uniqueItems'].map((name): [string, Rule] => [name, boolean]),
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].map((name): [string, Rule] => [name, number]),
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'].map((name): [string, Rule] => [name, count]),
  ...['items', 'additionalProperties', 'not', 'if', 'then', 'else'].map((name): [string, Rule] => [name, checkSchema]),
  ...['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((name): [string, Rule] => [name, schemaList]),
  ['properties', schemasByName],
  ['multipleOf', form((value) => Number.isFinite(value) && (value as number) > 0, 'a number above 0')],
  ['required', form((value) => Array.isArray(value) && value.every(isText), 'a list of names')],
  [
    'type',
    form(
      (value) => [value].flat().length > 0 && [value].flat().every((one) => types.includes(one as string)),
      `one or more of ${types.join(', ')}`,
    ),
  ],
  ['format', form((value) => formats.includes(value as string), `a supported format (${formats.join(', ')})`)],
  ['enum', list],
  ['examples', list],
  ['const', data],
  ['default', data],
]);

/**
 * Checks the JSON Schema of a registration. Only the keywords above are allowed: none that refers to another schema, and none that runs a
 * regular expression. Position tells a keyword from the name of a property.
 * Throws ProblemError 400 with the pointer of the keyword.
 */
export function checkInputSchema(schema: unknown): void {
  checkSchema(schema, ['inputs'], { count: 0 });
}

function checkSchema(schema: unknown, path: Path, schemas: Counter): void {
  if (++schemas.count > jobLimits.subschemas.value)
    throw limitExceeded('invalid-body', jobLimits.subschemas, schemas.count, {
      detail: 'The schema of the inputs has too many subschemas',
    });
  if (path.length - 1 > jobLimits.schemaDepth.value)
    throw limitExceeded('invalid-body', jobLimits.schemaDepth, path.length - 1, {
      detail: 'The schema of the inputs is nested too deeply',
    });
  if (typeof schema === 'boolean') return;
  if (!isObject(schema)) throw invalidInput(pointer(...path), `${describeValue(schema)} is not a JSON Schema: an object, true or false`);
  for (const [name, value] of Object.entries(schema)) {
    const rule = keywords.get(name);
    if (rule === undefined) throw unknownKeyword(name, path);
    rule(value, [...path, name], schemas);
  }
}

const unknownKeyword = (name: string, path: Path) =>
  invalidInput(
    pointer(...path, name),
    `keyword ${shown(name)} is not supported in the schema of a process${hint(name, [...keywords.keys()], 40)}`,
  );
