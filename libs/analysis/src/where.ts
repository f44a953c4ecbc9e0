import {
  type BaseOperator,
  baseOperators,
  type Column,
  hint,
  invalidParameter,
  isNumberText,
  operatorList,
  parseOperator,
  type Scalar,
  unknownColumn,
} from '@almanac/domain';
import { type Comparable, comparable, comparesAsNumber } from './comparable.ts';
import { likePattern } from './like.ts';

/** One comparison of a request, not checked yet: the operator and the column may not exist. */
export interface FilterTerm {
  column: string;
  operator: string;
  value: Scalar | Scalar[];
  /** how a problem names it, e.g. the query parameter it came from */
  parameter?: string;
}

/** A term compiled for its column. */
export interface ColumnTest {
  column: Column;
  accepts: (value: Comparable) => boolean;
}

/** Compiles terms to tests of column values. Throws unknown-column and invalid-parameter problems that suggest the nearest valid name. */
export function compileTests(terms: readonly FilterTerm[], columns: readonly Column[]): ColumnTest[] {
  return terms.map((term) => {
    const { column: name, parameter = name } = term;
    const column = columns.find((one) => one.name === name);
    if (column === undefined) {
      const names = columns.map((one) => one.name);
      throw unknownColumn(name, names, parameter);
    }
    return { column, accepts: compile(term, { column, parameter }) };
  });
}

type Test = (value: Comparable) => boolean;

interface Side {
  column: Column;
  parameter: string;
}

function compile({ operator, value }: FilterTerm, side: Side): Test {
  const known = parseOperator(operator);
  if (known === undefined)
    throw invalidParameter(side.parameter, operator, `unknown operator${hint(operator, baseOperators)}. Operators: ${operatorList}`);
  const test = evaluations[known.base](value, side);
  return known.isNegated ? (seen) => !test(seen) : test;
}

/** How each operator is evaluated; a missing value is neither below nor above anything. Throws invalid-parameter for a value that it cannot compare with. */
const evaluations: Record<BaseOperator, (value: Scalar | Scalar[], side: Side) => Test> = {
  eq: equal,
  ne: (value, side) => {
    const same = equal(value, side);
    return (seen) => !same(seen);
  },
  gt: (value, side) => {
    const limit = present('gt', value, side);
    return (seen) => seen !== undefined && seen > limit;
  },
  gte: (value, side) => {
    const limit = present('gte', value, side);
    return (seen) => seen !== undefined && seen >= limit;
  },
  lt: (value, side) => {
    const limit = present('lt', value, side);
    return (seen) => seen !== undefined && seen < limit;
  },
  lte: (value, side) => {
    const limit = present('lte', value, side);
    return (seen) => seen !== undefined && seen <= limit;
  },
  in: (value, side) => oneOf([value].flat().map((one) => wanted(one, side))),
  like,
};

function equal(value: Scalar | Scalar[], side: Side): Test {
  return oneOf([wanted(value as Scalar, side)]);
}

function oneOf(values: readonly Comparable[]): Test {
  const [first, ...others] = values;
  if (others.length === 0) return (seen) => seen === first;
  const all = new Set(values);
  return (seen) => all.has(seen);
}

function present(operator: BaseOperator, value: Scalar | Scalar[], side: Side): string | number {
  const limit = wanted(value as Scalar, side);
  if (limit === undefined) throw invalidParameter(side.parameter, '', `${operator} needs a value to compare with`);
  return limit;
}

function like(pattern: Scalar | Scalar[], { column, parameter }: Side): Test {
  if (comparesAsNumber(column.type)) {
    throw invalidParameter(parameter, pattern, `like compares text, and column '${column.name}' is of type ${column.type}: use gte and lt`);
  }
  const matches = likePattern(String(pattern ?? ''));
  return (seen) => typeof seen === 'string' && matches(seen);
}

/** A value as its column compares it; the empty text and null stand for a missing one. */
function wanted(value: Scalar, { column, parameter }: Side): Comparable {
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

/** JSON columns compare as minified JSON, so white space in the value does not matter. */
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
