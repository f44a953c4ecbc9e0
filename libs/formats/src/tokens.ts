/** Forms of a text: not a number, an integer literal (digits only), or a number with a point or an exponent. */
export const NOT_A_NUMBER = 0;
export const DIGITS = 1;
export const DECIMAL = 2;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Tests a text against JSON's number grammar (RFC 8259, 6): "007", "+1", ".5" and "1." are not numbers. */
export function numberForm(text: string): typeof NOT_A_NUMBER | typeof DIGITS | typeof DECIMAL {
  const n = text.length;
  let i = text.charCodeAt(0) === 45 ? 1 : 0;
  const first = text.charCodeAt(i);
  if (!isDigit(first)) return NOT_A_NUMBER;
  i++;
  if (first !== 48) while (i < n && isDigit(text.charCodeAt(i))) i++;
  if (i === n) return DIGITS;
  if (text.charCodeAt(i) === 46) {
    const from = ++i;
    while (i < n && isDigit(text.charCodeAt(i))) i++;
    if (i === from) return NOT_A_NUMBER;
  }
  if (i < n && (text.charCodeAt(i) | 32) === 101) {
    const sign = text.charCodeAt(++i);
    if (sign === 43 || sign === 45) i++;
    const from = i;
    while (i < n && isDigit(text.charCodeAt(i))) i++;
    if (i === from) return NOT_A_NUMBER;
  }
  return i === n ? DECIMAL : NOT_A_NUMBER;
}

/**
 * A delimited field as a JSON token: numbers, true and false are bare, an empty field is null, anything else is a string.
 * The field can be restored from the token exactly, also 1.50, 9007199254740994 and 007.
 */
export function fieldToken(field: string): string {
  if (field === '') return 'null';
  const code = field.charCodeAt(0);
  if ((isDigit(code) || code === 45) && numberForm(field) !== NOT_A_NUMBER) return field;
  if (field === 'true' || field === 'false') return field;
  return JSON.stringify(field);
}
