import {
  type ColumnReport,
  type ColumnType,
  comparisons,
  isNumberText,
  parseOperator,
  parseTime,
  type Scalar,
  Where,
} from '@almanac/domain';
import { type TSchema, Type } from 'typebox';
import { checkInput } from './check-input.ts';
import { findColumn } from './column-inputs.ts';
import { describeValue, invalidInput, isObject, pointer } from './invalid-input.ts';

/** A filter is any object here; what each column may have is checked with the column at hand. */
export const AnyWhere = Type.Optional(Type.Object({}, { examples: [{ recclass: 'L6' }] }));
/** The filter of one column: a value, a list of values, or conditions. */
const [ColumnFilter] = Object.values(Where.patternProperties) as unknown as [TSchema];

/** Checks the filters of all columns: the columns exist, and the values can be compared with theirs. Throws ProblemError. */
export function checkWhere(where: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): asserts where is Where {
  for (const [name, filter] of Object.entries(where)) {
    const path = pointer('inputs', 'where', name);
    const { type } = findColumn(columns, name, path);
    checkLists(path, filter);
    checkInput(ColumnFilter, filter, path);
    for (const { operator, value } of comparisons({ [name]: filter } as Where))
      checkOperand(isObject(filter) ? path + pointer(operator) : path, type, operator, value);
  }
}

/** The schema says only that a list is no value; the caller most likely means `in`. */
function checkLists(path: string, filter: unknown): void {
  for (const [operator, value] of Object.entries(isObject(filter) ? filter : {})) {
    const accepts = parseOperator(operator)?.accepts;
    if (accepts !== undefined && accepts !== 'list' && Array.isArray(value))
      throw invalidInput(path + pointer(operator), "a list can only be compared with 'in' or 'not.in'");
  }
}

function checkOperand(path: string, type: ColumnType, operator: string, operand: Scalar | Scalar[]): void {
  const accepts = parseOperator(operator)?.accepts;
  if (accepts === 'pattern') return;
  if (accepts === 'present value' && operand === null)
    throw invalidInput(path, 'null is neither greater nor less than a value; eq and ne compare with null');
  for (const [i, value] of [operand].flat().entries()) {
    if (value === null || comparable[type](value)) continue;
    const at = Array.isArray(operand) ? path + pointer(i) : path;
    throw invalidInput(at, `${describeValue(value)} cannot be compared with a column of type ${type}; ${example[type]}`);
  }
}

type Present = Exclude<Scalar, null>;
const isNumber = (value: Present) => typeof value === 'number' || (typeof value === 'string' && isNumberText(value.trim()));
const comparable: Record<ColumnType, (value: Present) => boolean> = {
  integer: isNumber,
  number: isNumber,
  boolean: (value) => typeof value === 'boolean' || value === 'true' || value === 'false',
  time: (value) => typeof value === 'string' && parseTime(value) !== undefined,
  string: () => true,
  json: () => true,
};
const example: Record<ColumnType, string> = {
  integer: 'write a number',
  number: 'write a number',
  boolean: 'write true or false',
  time: 'write ISO 8601, e.g. 2024-02-21T12:00:00Z',
  string: 'write a string',
  json: 'write a string',
};
