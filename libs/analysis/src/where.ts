import { type Column, invalidParameter, isNumberText, type Operator, operators, type Scalar, unknownColumn } from '@almanac/domain';
import { type Comparable, comparable, comparesAsNumber } from './comparable.ts';
import { likePattern } from './like.ts';

/** One comparison as somebody asked it: the operator may be none, the column may not exist. `not.` before an operator turns it round. */
export interface Question {
  column: string;
  operator: string;
  value: Scalar | Scalar[];
  /** what to call it in a problem, e.g. the query parameter it came from */
  parameter?: string;
}

/** A question made ready to be asked of every value of its column. */
export interface ColumnTest {
  column: Column;
  accepts: (value: Comparable) => boolean;
}

/** Questions as tests of column values. Throws unknown-column and invalid-parameter problems that name the nearest right thing. */
export function compileTests(questions: readonly Question[], columns: readonly Column[]): ColumnTest[] {
  return questions.map((question) => {
    const { column: name, parameter = name } = question;
    const column = columns.find((one) => one.name === name);
    if (column === undefined) {
      const names = columns.map((one) => one.name);
      throw unknownColumn(name, names, parameter);
    }
    return { column, accepts: compile(question, column, parameter) };
  });
}

/** A filter as a test of whole records, as JSON.parse gives them: every question must be answered yes. */
export function compileWhere(
  questions: readonly Question[],
  columns: readonly Column[],
): (record: Readonly<Record<string, unknown>>) => boolean {
  const tests = compileTests(questions, columns);
  return (record) =>
    tests.every(({ column, accepts }) =>
      accepts(comparable(column.type, Object.hasOwn(record, column.name) ? record[column.name] : undefined)),
    );
}

type Test = (value: Comparable) => boolean;

function compile({ operator, value }: Question, column: Column, parameter: string): Test {
  if (operator.startsWith('not.')) {
    const test = compile({ column: column.name, operator: operator.slice('not.'.length), value }, column, parameter);
    return (seen) => !test(seen);
  }
  const known = operators.find((one) => one === operator);
  if (known === undefined) {
    throw invalidParameter(
      parameter,
      operator,
      `that is not a comparison; there are ${operators.join(', ')}, each also with not. before it`,
    );
  }
  return comparison(known, value, column, parameter);
}

function comparison(operator: Operator, value: Scalar | Scalar[], column: Column, parameter: string): Test {
  switch (operator) {
    case 'in':
      return oneOf([value].flat().map((one) => wanted(one, column, parameter)));
    case 'eq':
      return oneOf([wanted(value as Scalar, column, parameter)]);
    case 'ne': {
      const same = oneOf([wanted(value as Scalar, column, parameter)]);
      return (seen) => !same(seen);
    }
    case 'like':
      return like(value as Scalar, column, parameter);
    default:
      return ordered(operator, wanted(value as Scalar, column, parameter), parameter);
  }
}

function oneOf(values: readonly Comparable[]): Test {
  const [first, ...others] = values;
  if (others.length === 0) return (seen) => seen === first;
  const all = new Set(values);
  return (seen) => all.has(seen);
}

/** Missing is neither below nor above anything. */
function ordered(operator: 'gt' | 'gte' | 'lt' | 'lte', limit: Comparable, parameter: string): Test {
  if (limit === undefined) throw invalidParameter(parameter, '', `${operator} needs a value to compare with`);
  switch (operator) {
    case 'gt':
      return (seen) => seen !== undefined && seen > limit;
    case 'gte':
      return (seen) => seen !== undefined && seen >= limit;
    case 'lt':
      return (seen) => seen !== undefined && seen < limit;
    case 'lte':
      return (seen) => seen !== undefined && seen <= limit;
  }
}

function like(pattern: Scalar, column: Column, parameter: string): Test {
  if (comparesAsNumber(column.type)) {
    throw invalidParameter(parameter, pattern, `like is for text, and column '${column.name}' is of type ${column.type}: use gte and lt`);
  }
  const matches = likePattern(String(pattern ?? ''));
  return (seen) => typeof seen === 'string' && matches(seen);
}

/** A value as its column compares it; the empty text and null ask for missing ones. */
function wanted(value: Scalar, column: Column, parameter: string): Comparable {
  if (value === null || value === '') return undefined;
  const typed = comparable(column.type, typedValue(value, column));
  if (typed === undefined) throw invalidParameter(parameter, value, `column '${column.name}' is compared with ${rightValue(column)}`);
  return typed;
}

function typedValue(value: Exclude<Scalar, null>, { type }: Column): unknown {
  const text = String(value).trim();
  if (type === 'integer' || type === 'number') return isNumberText(text) ? Number(text) : undefined;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (type === 'json') return jsonOf(String(value));
  return String(value);
}

/** JSON columns compare as minified JSON, so white space in the question does not matter. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function rightValue({ type }: Column): string {
  switch (type) {
    case 'integer':
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'a time like 2024-02-21 or 2024-02-21T12:00:00Z';
  }
}
