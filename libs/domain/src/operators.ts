// Imports nothing, because `./almanac plot` reads it in a checkout without node_modules.

/** What an operator compares with: any value, null included; a value that is not null; a list of values; a pattern with `*`. */
export type OperandKind = 'value' | 'present value' | 'list' | 'pattern';

interface FilterOperator {
  /** how `./almanac plot --where` writes it; none: it has no sign */
  sign?: string;
  /** what it does, for API documents */
  text: string;
  accepts: OperandKind;
}

/**
 * Every filter operator, by the name it has in a URL and in a job's `where`. Its schema follows from `accepts`; its evaluation is in
 * libs/analysis/src/where.ts. Nothing else lists operators.
 */
export const filterOperators = {
  eq: { sign: '=', text: 'equal to', accepts: 'value' },
  ne: { sign: '!=', text: 'not equal to', accepts: 'value' },
  gt: { sign: '>', text: 'greater than', accepts: 'present value' },
  gte: { sign: '>=', text: 'greater than or equal to', accepts: 'present value' },
  lt: { sign: '<', text: 'less than', accepts: 'present value' },
  lte: { sign: '<=', text: 'less than or equal to', accepts: 'present value' },
  in: { text: 'one of a list', accepts: 'list' },
  like: { sign: '~', text: 'matches a pattern in which * is any run of characters', accepts: 'pattern' },
} as const satisfies Record<string, FilterOperator>;

export type BaseOperator = keyof typeof filterOperators;
/** An operator as a filter writes it; `not.` before it negates it. */
export type Operator = BaseOperator | `not.${BaseOperator}`;

const NEGATION = 'not.';
export const baseOperators = Object.keys(filterOperators) as BaseOperator[];
export const operators: readonly Operator[] = [...baseOperators, ...baseOperators.map((id) => `${NEGATION}${id}` as const)];

/** The parts of an operator; undefined if the text is none. */
export function parseOperator(text: string): { base: BaseOperator; isNegated: boolean; accepts: OperandKind } | undefined {
  const isNegated = text.startsWith(NEGATION);
  const name = isNegated ? text.slice(NEGATION.length) : text;
  const base = baseOperators.find((id) => id === name);
  return base === undefined ? undefined : { base, isNegated, accepts: filterOperators[base].accepts };
}

/** The operators that have a sign, the longest sign first, so that `>=` is not read as `>`. */
export const operatorSigns: readonly (readonly [sign: string, operator: BaseOperator])[] = baseOperators
  .flatMap((id) => {
    const { sign }: FilterOperator = filterOperators[id];
    return sign === undefined ? [] : [[sign, id] as const];
  })
  .sort(([a], [b]) => b.length - a.length);

/** The list of operators for messages and API documents. */
export const operatorList = `${baseOperators.join(', ')}, each also with ${NEGATION} before it`;
/** The same with what each does. */
export const operatorHelp = baseOperators.map((id) => `${id} (${filterOperators[id].text})`).join(', ');
