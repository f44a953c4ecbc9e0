/** So many lines are looked at. */
const LINES = 50;

/** A name, a colon, and a value after a space or on the next line. Separators of CSV are no part of the name, tabs of none. */
const member = /^ *(?:- +)*[^\s,;:#-][^,;:\t]*:(?: [^\t]*)?$/;

/** A list's item: on this line or the next. */
const item = /^\s*-(?:\s|$)/;

/**
 * Whether text is plainly YAML: it begins with a document's marker or a directive; or it is lines of a mapping, and then a list or a
 * document's marker. The one line `a: b` may as well be the header of a CSV.
 */
export function looksLikeYaml(text: string): boolean {
  if (/^[<[{]/.test(text)) return false;
  if (/^(?:---(?:\s|$)|%YAML\s)/.test(text)) return true;
  const lines = text.split(/\r?\n/, LINES).filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  for (const [i, line] of lines.entries()) {
    if (i > 0 && (/^---(?:\s|$)/.test(line) || item.test(line))) return true;
    // The first item of a list at the root has to tell alone: "- a: 1", "- {a: 1}", or members on the lines after it.
    if (i === 0 && item.test(line))
      return member.test(line) || /^-\s+\{/.test(line) || (line.trim() === '-' && member.test(lines[1] ?? ''));
    if (!member.test(line)) return false;
  }
  return false;
}
