import {
  type ColumnReport,
  type ColumnType,
  hint,
  isNumberText,
  operators,
  parseTime,
  type Scalar,
  shown,
  type Where,
} from '@almanac/domain';
import { findColumn } from './column-inputs.ts';
import { describeValue, invalidInput, isObject, pointer } from './invalid-input.ts';

const MOST_VALUES = 1000;

/** A filter whose columns are there and whose values can be compared with theirs. */
export function checkWhere(where: unknown, columns: readonly ColumnReport[]): Where | undefined {
  if (where === undefined) return undefined;
  if (!isObject(where))
    throw invalidInput('/inputs/where', `${describeValue(where)} is not an object: {"<column>": <value> or {"gte": <value>}}`);
  for (const [name, wanted] of Object.entries(where)) {
    const path = pointer('inputs', 'where', name);
    const { type } = findColumn(columns, name, path);
    if (isObject(wanted)) checkCondition(path, type, wanted);
    else checkValues(path, type, wanted);
  }
  return where as Where;
}

function checkCondition(path: string, type: ColumnType, condition: Record<string, unknown>): void {
  const entries = Object.entries(condition);
  if (entries.length === 0) throw invalidInput(path, `an empty condition; one of ${operators.join(', ')} is needed`);
  for (const [operator, value] of entries) {
    const at = path + pointer(operator);
    if (!(operators as readonly string[]).includes(operator))
      throw invalidInput(at, `there is no comparison ${shown(operator)}${hint(operator, operators)}`);
    if (operator === 'in' && !Array.isArray(value)) throw invalidInput(at, `${describeValue(value)} is not a list of values`);
    if (operator !== 'in' && Array.isArray(value)) throw invalidInput(at, "a list is compared by 'in'");
    if (operator === 'like') {
      if (typeof value !== 'string') throw invalidInput(at, `${describeValue(value)} is not a text with * for any characters`);
    } else if (value === null && operator !== 'eq' && operator !== 'ne') {
      throw invalidInput(at, 'nothing is greater or less than null; eq and ne find what is missing');
    } else checkValues(at, type, value);
  }
}

function checkValues(path: string, type: ColumnType, value: unknown): void {
  const values = Array.isArray(value) ? value : [value];
  if (values.length > MOST_VALUES) throw invalidInput(path, `${values.length} values; at most ${MOST_VALUES}`);
  for (const [i, each] of values.entries()) {
    const at = Array.isArray(value) ? path + pointer(i) : path;
    if (each !== null && !['string', 'number', 'boolean'].includes(typeof each))
      throw invalidInput(at, `${describeValue(each)} is not a value`);
    if (!comparable[type](each as Scalar))
      throw invalidInput(at, `${describeValue(each)} cannot be compared with a column of type ${type}: ${example[type]}`);
  }
}

const isNumber = (value: Scalar) =>
  value === null || (typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && isNumberText(value.trim()));
const comparable: Record<ColumnType, (value: Scalar) => boolean> = {
  integer: isNumber,
  number: isNumber,
  boolean: (value) => value === null || typeof value === 'boolean' || value === 'true' || value === 'false',
  time: (value) => value === null || (typeof value === 'string' && parseTime(value) !== undefined),
  string: (value) => typeof value !== 'number' || Number.isFinite(value),
  json: (value) => typeof value !== 'number' || Number.isFinite(value),
};
const example: Record<ColumnType, string> = {
  integer: 'write a number',
  number: 'write a number',
  boolean: 'write true or false',
  time: 'write ISO 8601, e.g. 2024-02-21T12:00:00Z',
  string: 'write a text',
  json: 'write a text',
};
