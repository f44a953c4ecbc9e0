import { giveWay } from '../turns.ts';

/** A line with content, other than a comment or a directive (%). */
const content = /^[ \t]*[^\s#%]/m;

/** Characters between two yields. */
const PIECE = 1 << 16;

/** Whether YAML text has more than one document that is not empty. */
export async function isSeveral(text: string): Promise<boolean> {
  let count = 0;
  let from = 0;
  for await (const at of markers(text)) {
    if ((await hasContent(text, from, at)) && ++count > 1) return true;
    from = at + MARKER;
  }
  return count === 1 && (await hasContent(text, from, text.length));
}

const MARKER = '---'.length;

/** Offsets of the lines that end or begin a document: in YAML no other line, not even of a text, may begin with these marks. */
async function* markers(text: string): AsyncGenerator<number> {
  for (let from = 0; from < text.length; from += PIECE) {
    for (const { index } of text.slice(from, from + PIECE + MARKER - 1).matchAll(/---|\.\.\./g)) {
      const at = from + index;
      const beginsLine = at === 0 || text[at - 1] === '\n';
      if (beginsLine && ' \t\r\n'.includes(text[at + MARKER] ?? '\n')) yield at;
    }
    await giveWay();
  }
}

async function hasContent(text: string, from: number, to: number): Promise<boolean> {
  for (let at = from; at < to; ) {
    const newline = text.indexOf('\n', at + PIECE);
    const end = newline === -1 || newline > to ? to : newline;
    if (content.test(text.slice(at, end))) return true;
    at = end;
    await giveWay();
  }
  return false;
}
