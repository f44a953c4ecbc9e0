// By its path: `./almanac plot` runs in a checkout without node_modules, and the table imports nothing.
import { type BaseOperator, filterOperators, operatorSigns } from '../../../libs/domain/src/operators.ts';
import { usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';

type Scalar = string | number | boolean | null;
export type Where = Record<string, Scalar | Scalar[] | Record<string, Scalar>>;
interface Column {
  name: string;
  type: string;
}

/**
 * Reads `--where` expressions against a data set's columns: `recclass=L6`, `mass (g)>=1000`, `name~Aba*`. The same column given twice with =
 * means either value. Numbers and booleans are sent as such where the column holds them; an empty value means missing.
 */
export function parseWhere(expressions: readonly string[], columns: readonly Column[]): Where {
  const where: Where = {};
  for (const expression of expressions) {
    const { column, operator, value } = parseOne(expression, columns);
    const before = where[column.name];
    const typed = filterOperators[operator].accepts === 'pattern' ? value : asType(value, column.type);
    where[column.name] = merged(before, operator, typed, expression);
  }
  return where;
}

function parseOne(expression: string, columns: readonly Column[]): { column: Column; operator: BaseOperator; value: string } {
  // The longest column name the expression starts with: a name may itself hold spaces or even an operator.
  for (const column of [...columns].sort((a, b) => b.name.length - a.name.length)) {
    if (!expression.startsWith(column.name)) continue;
    const rest = expression.slice(column.name.length).trimStart();
    const found = operatorSigns.find(([sign]) => rest.startsWith(sign));
    if (found !== undefined) return { column, operator: found[1], value: rest.slice(found[0].length).trim() };
  }
  const names = columns.map(({ name }) => name);
  const name = expression.split(/[<>=!~]/)[0]?.trim() ?? '';
  if (name === expression.trim())
    throw usageError(
      `--where '${expression}': write column=value, or another of ${operatorSigns.map(([sign]) => sign).join(' ')} (~: a pattern with *)`,
    );
  throw usageError(
    `--where '${expression}': there is no column '${name}'${didYouMean(name, names) || ` (there are: ${names.join(', ')})`}`,
  );
}

function merged(before: Where[string] | undefined, operator: string, value: Scalar, expression: string): Where[string] {
  if (before === undefined) return operator === 'eq' ? value : { [operator]: value };
  const isConditions = typeof before === 'object' && before !== null && !Array.isArray(before);
  if (isConditions && operator !== 'eq') {
    if (before[operator] !== undefined) throw usageError(`--where '${expression}': this column has such a comparison already`);
    return { ...before, [operator]: value };
  }
  if (!isConditions && operator === 'eq') return [before, value].flat();
  throw usageError(`--where '${expression}': = and other comparisons of one column cannot both hold`);
}

function asType(value: string, type: string): Scalar {
  if (value === '') return null;
  if ((type === 'integer' || type === 'number') && Number.isFinite(Number(value))) return Number(value);
  if (type === 'boolean' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return value;
}
