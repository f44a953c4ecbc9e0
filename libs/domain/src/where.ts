import { type Static, type TSchema, Type } from 'typebox';
import {
  type BaseOperator,
  type filterOperators,
  type OperandKind,
  type Operator,
  operatorList,
  operators,
  parseOperator,
} from './operators.ts';

const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
export type Scalar = Static<typeof Scalar>;

/** Values in one list of a filter. */
const LIST_VALUES = 1000;
const List = Type.Array(Scalar, { maxItems: LIST_VALUES });

const operands = {
  value: Scalar,
  'present value': Scalar,
  list: List,
  pattern: Type.String({ description: '* stands for any run of characters' }),
} satisfies Record<OperandKind, TSchema>;

type Operand = { [K in OperandKind]: Static<(typeof operands)[K]> };
type OperandOf<O extends Operator> = O extends `not.${infer B extends BaseOperator}`
  ? Operand[(typeof filterOperators)[B]['accepts']]
  : O extends BaseOperator
    ? Operand[(typeof filterOperators)[O]['accepts']]
    : never;

/** Operators of one column with what they compare with; all must hold. */
export type Condition = { [O in Operator]?: OperandOf<O> };
export const Condition = Type.Unsafe<Condition>(
  Type.Object(Object.fromEntries(operators.map((operator) => [operator, Type.Optional(schemaOf(operator))])), {
    additionalProperties: false,
    minProperties: 1,
    description: operatorList,
  }),
);

/** The schema of what an operator compares with. */
function schemaOf(operator: Operator): TSchema {
  return operands[(parseOperator(operator) as { accepts: OperandKind }).accepts];
}

/** What a `where` is, for API documents. */
export const WHERE_DESCRIPTION =
  'column -> value (equality), list of values (any of them), or an object of operators such as {"gte": 1000}; all must hold';

/** Which records: column -> a value (equality), a list (one of them) or conditions; all must hold. */
export const Where = Type.Record(Type.String(), Type.Union([Scalar, List, Condition]), {
  description: WHERE_DESCRIPTION,
  examples: [{ recclass: 'L6', 'mass (g)': { gte: 1000 } }],
});
export type Where = Static<typeof Where>;

/** One comparison of a filter. */
export interface Comparison {
  column: string;
  operator: Operator;
  value: Scalar | Scalar[];
}

/** A filter as the list of comparisons that must all hold. */
export function comparisons(where: Where): Comparison[] {
  return Object.entries(where).flatMap(([column, wanted]): Comparison[] => {
    if (Array.isArray(wanted)) return [{ column, operator: 'in', value: wanted }];
    if (wanted === null || typeof wanted !== 'object') return [{ column, operator: 'eq', value: wanted }];
    return Object.entries(wanted).map(([operator, value]) => ({
      column,
      operator: operator as Operator,
      value: value as Scalar | Scalar[],
    }));
  });
}

/**
 * The URL form of a filter (api.md C5): `recclass=L6`, `mass (g)[gte]=1000`, `recclass[in]=L6,H5`.
 * Always under `field.`, so that a column named `limit` cannot be taken for the parameter.
 * A comma inside a listed value is written `\,`; null is the empty text.
 */
export function whereToQuery(where: Where): [string, string][] {
  return comparisons(where).map(({ column, operator, value }) => [
    `field.${column}${operator === 'eq' ? '' : `[${operator}]`}`,
    Array.isArray(value)
      ? value
          .map((v) =>
            String(v ?? '')
              .replaceAll('\\', '\\\\')
              .replaceAll(',', '\\,'),
          )
          .join(',')
      : String(value ?? ''),
  ]);
}

/** Reads one URL parameter as a comparison: `[column, operator]` of its name; the name may carry the `field.` prefix. */
export function parseFilterName(name: string): { column: string; operator: string; isPrefixed: boolean } {
  const isPrefixed = name.startsWith('field.');
  const bare = isPrefixed ? name.slice('field.'.length) : name;
  const match = /^(.*)\[([a-z.]+)\]$/s.exec(bare);
  return match === null
    ? { column: bare, operator: 'eq', isPrefixed }
    : { column: match[1] as string, operator: match[2] as string, isPrefixed };
}

/** The values of `[in]=a,b\,c`: two of them, the second with a comma inside. */
export function splitList(text: string): string[] {
  const values = [''];
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '\\' && i + 1 < text.length) values.push(`${values.pop()}${text[++i]}`);
    else if (c === ',') values.push('');
    else values.push(`${values.pop()}${c}`);
  }
  return values;
}
