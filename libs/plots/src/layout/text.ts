import type { Measure } from '../font.ts';

export const MINUS = '\u2212';
const ELLIPSIS = '\u2026';

/** Cuts to the width with an ellipsis; a width that holds nothing leaves the ellipsis alone. */
export function clip(text: string, width: number, size: number, measure: Measure): string {
  if (measure(text, size) <= width) return text;
  let kept = text.length;
  while (kept > 0 && measure(text.slice(0, kept).trimEnd() + ELLIPSIS, size) > width) kept--;
  return text.slice(0, kept).trimEnd() + ELLIPSIS;
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
