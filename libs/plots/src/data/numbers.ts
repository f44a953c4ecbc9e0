import { MINUS } from '../text.ts';

const SUPERSCRIPT = '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079';

/** 10⁻³ */
export const power = (exponent: number): string =>
  `10${exponent < 0 ? '\u207b' : ''}${String(Math.abs(exponent)).replace(/\d/g, (digit) => SUPERSCRIPT[Number(digit)]!)}`;

/** Groups the digits of numbers with at least `from` digits: 1000, but 10,000. */
const grouped = (digits: string, from = 5): string =>
  digits.replace(/^\d+/, (whole) => (whole.length < from ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',')));

const signed = (isNegative: boolean, text: string): string => (isNegative && /[1-9]/.test(text) ? MINUS : '') + text;

/**
 * Labels of ticks: as many decimals as the step needs; a common power of ten, returned as `suffix`, from a million up and a thousandth
 * down; a narrow range far from zero keeps its digits, because a power of ten would hide what changes.
 */
export function writeTicks(values: readonly number[], step: number): { labels: string[]; suffix: string } {
  const most = Math.min(Number.MAX_VALUE, Math.max(Math.abs(step) || 0, ...values.map(Math.abs)));
  const isWide = most >= 1e6 || (most < 1e-3 && most > 0);
  const apart = Math.min(Number.MAX_VALUE, Math.abs(step) || most);
  const isFar = most > 1e21 || (most < 1e-12 && most > 0);
  const exponent = isWide && (isFar || most / apart <= 1e5) ? Math.floor(Math.log10(most) / 3 + 1e-9) * 3 : 0;
  const inUnits = (value: number) => (exponent < -300 ? (value * 1e300) / 10 ** (exponent + 300) : value / 10 ** exponent);
  const decimals = Math.max(0, Math.min(12, -Math.floor(Math.log10(inUnits(apart)) + 1e-9))) || 0;
  // All labels of an axis are grouped alike: 5,000 beside 10,000.
  const from = inUnits(most) >= 10_000 ? 4 : 5;
  const labels = values.map((value) => signed(value < 0, grouped(Math.abs(inUnits(value)).toFixed(decimals), from)));
  return { labels, suffix: exponent === 0 ? '' : `\u00d7${power(exponent)}` };
}

/** A number for sentences and legends: four significant digits, whole numbers in full up to 15 digits. */
export function writeNumber(value: number): string {
  if (!Number.isFinite(value)) return '\u2013';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) {
    const [digits, exponent] = size.toExponential(3).split('e') as [string, string];
    return signed(value < 0, `${digits.replace(/\.?0+$/, '')}\u00d7${power(Number(exponent))}`);
  }
  const text = Number.isInteger(value) ? String(size) : String(Number(size >= 1e4 ? size.toFixed(0) : size.toPrecision(4)));
  return signed(value < 0, grouped(text));
}

/** 45,716: how many of something, for sentences. */
export const writeCount = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
