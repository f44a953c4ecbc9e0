/** The lines that end a document or begin one: in YAML nothing but them may begin a line so, not even a text. */
const marker = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm;

/** A line with something on it besides a comment; a % begins a directive, which is not of the document. */
const content = /^[ \t]*[^\s#%]/m;

/** Whether YAML text has more than one document that is not empty. */
export function isSeveral(text: string): boolean {
  let count = 0;
  let from = 0;
  for (const { index } of text.matchAll(marker)) {
    if (content.test(text.slice(from, index)) && ++count > 1) return true;
    from = index + '---'.length;
  }
  return count === 1 && content.test(text.slice(from));
}
