const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;
const number = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/;
/** Digits of the largest 64-bit integer. */
const DIGITS = 19;

/**
 * The exact integer that a JSON number stands for, also if it is written as 1.0 or 1e3.
 * Undefined for what is no integer or does not fit into 64 bits.
 */
export function int64Of(token: string): bigint | undefined {
  if (token.length <= 15 && isPlainInteger(token)) return BigInt(Number(token));
  const [, sign, whole = '', fraction = '', exponent = '0'] = number.exec(token) ?? [];
  if (sign === undefined) return undefined;
  const zeros = Number(exponent) - fraction.length;
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, '');
  if (digits === '0') return 0n;
  const kept = zeros < 0 ? digits.slice(0, zeros) : digits;
  if (zeros < 0 && !/^0*$/.test(digits.slice(zeros))) return undefined;
  if (kept === '' || kept.length + Math.max(0, zeros) > DIGITS) return undefined;
  const value = BigInt(`${sign}${kept}${'0'.repeat(Math.max(0, zeros))}`);
  return value < LEAST || value > MOST ? undefined : value;
}

function isPlainInteger(token: string): boolean {
  for (let i = token.charCodeAt(0) === 45 ? 1 : 0; i < token.length; i++) {
    const digit = token.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return false;
  }
  return token !== '-' && token !== '';
}
