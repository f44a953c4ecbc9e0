import type { Measure } from './font.ts';

export const MINUS = '\u2212';
const ELLIPSIS = '\u2026';

/** Cuts to a number of characters with an ellipsis, never inside a surrogate pair. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return (
    text
      .slice(0, most - 1)
      .replace(/[\ud800-\udbff]$/, '')
      .trimEnd() + ELLIPSIS
  );
}

/**
 * Cuts to the width with an ellipsis; a width that holds nothing leaves the ellipsis alone. The longest part that fits is found by halving, so
 * that a text is measured some ten times, however long it is.
 */
export function clip(text: string, width: number, size: number, measure: Measure): string {
  if (measure(text, size) <= width) return text;
  const cut = (kept: number) => text.slice(0, kept).trimEnd() + ELLIPSIS;
  let [fits, tooLong] = [0, text.length + 1];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (measure(cut(middle), size) <= width) fits = middle;
    else tooLong = middle;
  }
  return cut(fits);
}

/** Breaks at spaces, and after / _ - inside words, into at most `maxLines`; the last line is cut if it must be. */
export function wrap(text: string, width: number, size: number, maxLines: number, measure: Measure): string[] {
  const words = text.match(/\S+?[/_-]+(?=\S)|\S+\s*/g) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const [i, word] of words.entries()) {
    if (line !== '' && measure((line + word).trimEnd(), size) > width) {
      if (lines.length === maxLines - 1) return [...lines, clip(line + words.slice(i).join(''), width, size, measure)];
      lines.push(clip(line.trimEnd(), width, size, measure));
      line = '';
    }
    line += word;
  }
  return [...lines, clip(line.trimEnd(), width, size, measure)];
}
