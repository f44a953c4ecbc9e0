/** Lines that are read. */
const LINES = 50;

/** A name, a colon, and a value after a space or on the next line. The name has no separator of CSV, and nothing has a tab. */
const member = /^ *(?:- +)*[^\s,;:#-][^,;:\t]*:(?: [^\t]*)?$/;

/** An item of a list, on this line or the next. */
const item = /^\s*-(?:\s|$)/;

/**
 * Whether text is plainly YAML: it begins with a document marker or a directive; or with lines of a mapping, followed by a list or a
 * document marker. A single line `a: b` may also be the header of a CSV file.
 */
export function looksLikeYaml(text: string): boolean {
  if (/^[<[{]/.test(text)) return false;
  if (/^(?:---(?:\s|$)|%YAML\s)/.test(text)) return true;
  const lines = text.split(/\r?\n/, LINES).filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  for (const [i, line] of lines.entries()) {
    if (i > 0 && (/^---(?:\s|$)/.test(line) || item.test(line))) return true;
    // A list at the root is detected by its first item: "- a: 1", "- {a: 1}", or members on the lines after it.
    if (i === 0 && item.test(line))
      return member.test(line) || /^-\s+\{/.test(line) || (line.trim() === '-' && member.test(lines[1] ?? ''));
    if (!member.test(line)) return false;
  }
  return false;
}
