import { type Static, Type } from 'typebox';

const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]);
export type Scalar = Static<typeof Scalar>;

/** The comparisons a filter knows; `like` takes * for any run of characters. */
export const operators = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'like'] as const;
export type Operator = (typeof operators)[number];

export const Condition = Type.Object(
  {
    eq: Type.Optional(Scalar),
    ne: Type.Optional(Scalar),
    gt: Type.Optional(Scalar),
    gte: Type.Optional(Scalar),
    lt: Type.Optional(Scalar),
    lte: Type.Optional(Scalar),
    in: Type.Optional(Type.Array(Scalar, { maxItems: 1000 })),
    like: Type.Optional(Type.String()),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type Condition = Static<typeof Condition>;

/** Which records: column -> a value (equality), a list (one of them) or conditions; all must hold. */
export const Where = Type.Record(Type.String(), Type.Union([Scalar, Type.Array(Scalar, { maxItems: 1000 }), Condition]), {
  description: 'column -> value, list of values, or {gte, lt, ...}; every one must hold',
  examples: [{ recclass: 'L6', 'mass (g)': { gte: 1000 } }],
});
export type Where = Static<typeof Where>;

/** One comparison of a filter, the form every part of the product works with. */
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
